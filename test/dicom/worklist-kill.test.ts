/** SIGKILL while workitems are created, claimed and updated: what was answered stays, and nothing is there by half. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startLocalServer } from '../local-server.ts';
import { dicomRequests } from './dicom-requests.ts';
import { type WorklistRequests, worklistRequests } from './worklist-requests.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-worklist-kill-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** How far a workitem has come: 0 not there, 1 created, 2 claimed, 3 updated. */
type Steps = Map<string, { done: number; begun: number }>;

/** Takes one workitem after the other through its steps until the server is gone. */
async function work(worklist: WorklistRequests, prefix: string, steps: Steps): Promise<void> {
  for (let at = 1; ; at += 1) {
    const uid = `${prefix}.${at}`;
    const actions = [
      () => worklist.create(uid),
      () => worklist.changeState(uid, 'IN PROGRESS', `9.${uid}`),
      () => worklist.update(uid, { ProcedureStepLabel: { vr: 'LO', Value: ['updated'] } }, `9.${uid}`),
    ];
    for (const [index, action] of actions.entries()) {
      steps.set(uid, { done: index, begun: index + 1 });
      const answer = await action().catch(() => undefined);
      if (!answer) return;
      expect(answer.status).toBeLessThan(300);
      steps.set(uid, { done: index + 1, begun: index + 1 });
    }
  }
}

it('after each of two kills every workitem is where its last answer left it, and found there', async () => {
  const steps: Steps = new Map();
  for (let round = 1; round <= 2; round += 1) {
    const server = await startLocalServer({ dataDir });
    const worklist = worklistRequests(dicomRequests(`${server.url}/dicom/v2`));
    const working = [1, 2, 3, 4].map((worker) => work(worklist, `1.${round}.${worker}`, steps));
    const isWhole = ([uid, { done }]: [string, { done: number }]) => uid.startsWith(`1.${round}.`) && done === 3;
    while ([...steps].filter(isWhole).length < 20) await delay(10);
    await server.kill();
    await Promise.all(working);
  }
  const server = await startLocalServer({ dataDir });
  const worklist = worklistRequests(dicomRequests(`${server.url}/dicom/v2`));
  const found = async (query: string) => {
    const all = new Map<string, { state: string; label: string }>();
    for (let offset = 0; ; offset += 200) {
      const { json = [] } = await worklist.search(`?limit=200&offset=${offset}${query}`);
      for (const each of json) {
        all.set(each['00080018'].Value[0], { state: each['00741000'].Value[0], label: each['00741204'].Value[0] });
      }
      if (json.length < 200) return all;
    }
  };
  const [all, inProgress] = [await found(''), await found('&ProcedureStepState=IN+PROGRESS')];
  for (const [uid, { done, begun }] of steps) {
    const { state, label } = all.get(uid) ?? { state: '', label: '' };
    const step = label === 'updated' ? 3 : ['', 'SCHEDULED', 'IN PROGRESS'].indexOf(state);
    expect([uid, step === done || step === begun]).toEqual([uid, true]);
    expect([uid, inProgress.has(uid)]).toEqual([uid, step >= 2]);
  }
  await server.stop();
});
