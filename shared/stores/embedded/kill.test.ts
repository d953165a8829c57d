import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import type { ResourceStore } from '../resources/resource-store.ts';
import { openResourceStore } from './open-embedded-stores.ts';
import { inconsistencies } from './testing/inconsistencies.ts';
import { seeded } from './testing/random.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import type { WholeCommit } from './testing/writing-process.ts';

const ROUNDS = 20;
const LONGEST_MS = 250;
const SEED = 20_260_101;

/** Lets the process write for a while, kills it, and gives the commits that it had answers for. */
async function writeAndKill(dataDir: string, seed: number, milliseconds: number): Promise<WholeCommit[]> {
  const program = path.join(import.meta.dirname, 'testing/writing-process.ts');
  const child = spawn(process.execPath, [program, dataDir, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const answered: WholeCommit[] = [];
  createInterface(child.stdout).on('line', (line) => {
    if (answered.length === 0) setTimeout(() => child.kill('SIGKILL'), milliseconds);
    // The process may die in the middle of a line.
    if (line.endsWith('}')) answered.push(JSON.parse(line));
  });
  const [, signal] = await closed;
  expect(signal).toBe('SIGKILL');
  return answered;
}

async function expectVersions(store: ResourceStore, { commit, wrote }: WholeCommit): Promise<void> {
  for (const [id, version] of wrote) {
    const read = await store.readVersion({ type: 'Basic', id }, version);
    expect(read, `${commit} wrote ${id} version ${version}`).toBeDefined();
    if (!read?.deleted) expect(bodyOf(read)?.commit).toBe(commit);
  }
}

function bodyOf(read: { readonly body: Uint8Array } | undefined): WholeCommit | undefined {
  return read && JSON.parse(new TextDecoder().decode(read.body));
}

/** Every version there is, with what it says about its commit. */
async function* versions(store: ResourceStore): AsyncGenerator<WholeCommit | undefined> {
  let page = await store.history({ oldestFirst: true }, 1000);
  for (;;) {
    for (const version of page.matches) yield version.deleted ? undefined : bodyOf(version);
    if (page.next === undefined) return;
    page = await store.history({ oldestFirst: true }, 1000, page.next);
  }
}

/** Every current resource is found by each of the four values that its latest version has, and by no other. */
const values = ['token', 'string', 'date', 'reference'].map((kind) => [
  `current resources without their ${kind} row`,
  `SELECT count(*) FROM resource AS r WHERE r.deleted = 0 AND (SELECT count(*) FROM ${kind}_index AS i WHERE i.position = r.position) <> 1`,
]);
const outdated = `
  SELECT count(*) FROM resource AS r JOIN version AS v ON v.position = r.position JOIN token_index AS i ON i.position = r.position
  WHERE r.deleted = 0 AND i.code <> v.body ->> '$.commit'`;
const wordless = `
  SELECT count(*) FROM resource AS r WHERE r.deleted = 0 AND (SELECT count(*) FROM text_index_docsize AS i WHERE i.id = r.position) <> 1`;
const more = {
  ...Object.fromEntries(values),
  'rows with the values of another version': outdated,
  'current resources without their words': wordless,
};

describe('a process that is killed while it writes', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const file = path.join(folder.path, 'fhir/fhir/resources.db');
  const random = seeded(SEED);
  const lifetimes = Array.from({ length: ROUNDS }, (_, round) => [round, Math.floor(random() * LONGEST_MS)] as const);
  const all: WholeCommit[] = [];

  it.each(lifetimes)(
    'round %i, after %i ms: loses nothing answered and shows nothing half done',
    async (round, milliseconds) => {
      const answered = await writeAndKill(folder.path, SEED + round, milliseconds);
      expect(answered.length).toBeGreaterThan(0);
      const store = await openResourceStore({ dataDir: folder.path, service: 'fhir' });
      try {
        for (const commit of answered) await expectVersions(store, commit);
        const seen = new Set<string>();
        for await (const commit of versions(store)) {
          if (commit === undefined || seen.has(commit.commit)) continue;
          seen.add(commit.commit);
          await expectVersions(store, commit);
        }
        expect(seen.size).toBeGreaterThanOrEqual(answered.length);
        await store.check();
      } finally {
        await store.close();
      }
      expect(inconsistencies(file, more)).toEqual([]);
      all.push(...answered);
    },
  );

  it('what was answered in any round is still there after the last', async () => {
    const store = await openResourceStore({ dataDir: folder.path, service: 'fhir' });
    try {
      for (const commit of all) await expectVersions(store, commit);
    } finally {
      await store.close();
    }
  });
});
