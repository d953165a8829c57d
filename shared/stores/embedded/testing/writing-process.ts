/**
 * A process that writes until it is killed: many writers at once on few resources, so that they conflict. Prints a line of
 * JSON for every commit that was answered. Arguments: data folder, seed.
 */
import { writeSync } from 'node:fs';
import type { Change, ResourceKey } from '../../resources/resource-store.ts';
import { openResourceStore } from '../open-embedded-stores.ts';
import { seeded } from './random.ts';

const WRITERS = 24;
const RESOURCES = 60;

/** The resources and versions that one commit wrote together; every body that it wrote repeats it. */
export interface WholeCommit {
  readonly commit: string;
  readonly wrote: readonly (readonly [id: string, version: number])[];
}

const [dataDir = '', seed = '0'] = process.argv.slice(2);
const random = seeded(Number(seed));
const store = await openResourceStore({ dataDir, service: 'fhir' });
for (let writer = 0; writer < WRITERS; writer += 1) void write(`${seed}-${writer}`);

async function write(writer: string): Promise<never> {
  for (let number = 0; ; number += 1) {
    const size = random() < 0.5 ? 1 : 1 + Math.floor(random() * 6);
    const ids = new Set(Array.from({ length: size }, () => `r${Math.floor(random() * RESOURCES)}`));
    const planned = await Promise.all([...ids].map(async (id) => [id, await versionOf(id)] as const));
    const whole: WholeCommit = {
      commit: `${writer}-${number}`,
      wrote: planned.map(([id, version]) => [id, version + 1]),
    };
    const result = await store.commit(planned.map(([id, version], at) => change(id, version, whole, at > 0)));
    if (result.done) writeSync(1, `${JSON.stringify(whole)}\n`);
  }
}

async function versionOf(id: string): Promise<number> {
  return (await store.read({ type: 'Basic', id }))?.version ?? 0;
}

/** The first change of a commit is never a deletion: its body tells which changes belong together. */
function change(id: string, expected: number, whole: WholeCommit, mayDelete: boolean): Change {
  const key: ResourceKey = { type: 'Basic', id };
  if (mayDelete && random() < 0.2) {
    return { kind: 'put', key, expected, method: 'DELETE', body: undefined, index: [], keepPrevious: true };
  }
  const body = new TextEncoder().encode(JSON.stringify({ ...whole, filler: 'x'.repeat(Math.floor(random() * 6000)) }));
  return {
    kind: 'put',
    key,
    expected,
    method: 'PUT',
    body,
    index: [
      { param: 'Basic.commit', kind: 'token', system: 'http://commits', code: whole.commit, text: null },
      { param: 'Basic.name', kind: 'string', folded: whole.commit, exact: whole.commit },
      { param: 'Basic.date', kind: 'date', low: expected, high: expected },
      { param: 'Basic.other', kind: 'reference', base: null, type: 'Basic', id: whole.commit },
      { param: 'Resource._content', kind: 'text', text: `words of ${whole.commit}` },
    ],
    keepPrevious: true,
  };
}
