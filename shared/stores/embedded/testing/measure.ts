/**
 * Measures the embedded store against plain SQLite in the same run: `node shared/stores/embedded/testing/measure.ts`.
 * The figures of docs/storage.md come from here.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Condition, Query } from '../../resources/query.ts';
import type { Change } from '../../resources/resource-store.ts';
import { openReader } from '../connection.ts';
import { Names } from '../names.ts';
import { openResourceStore } from '../open-embedded-stores.ts';
import { Searches } from '../read/searches.ts';
import { clinic, observation } from './clinic.ts';
import { seeded } from './random.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SECONDS = 3;
const PATIENTS = 300;
const OBSERVATIONS = 29;

async function perSecond(one: () => Promise<unknown> | unknown, writers = 1): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  let done = 0;
  const started = performance.now();
  const loop = async () => {
    while (performance.now() < end) {
      await one();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, loop));
  return done / ((performance.now() - started) / 1000);
}

const random = seeded(7);
const folder = temporaryFolder();
const figures: Record<string, string | number> = {};
const report = (name: string, value: number) => {
  figures[name] = Math.round(value);
};

const floor = new DatabaseSync(path.join(folder.path, 'floor.db'));
floor.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)');
const insert = floor.prepare('INSERT INTO t (body) VALUES (?)');
const select = floor.prepare('SELECT id, body FROM t WHERE id = ?');
const bytes = new Uint8Array(2048);
report('floor: one-row inserts/s', await perSecond(() => insert.run(bytes)));
report('floor: primary-key selects/s', await perSecond(() => select.get(1 + Math.floor(random() * 10_000))));
floor.close();

const opening = performance.now();
const store = await openResourceStore({ dataDir: folder.path, service: 'fhir' });
await store.check();
report('open to first commit, ms', performance.now() - opening);
const file = path.join(folder.path, 'fhir/fhir/resources.db');
const loading = performance.now();
for (const changes of clinic(PATIENTS, OBSERVATIONS)) await store.commit(changes);
report(
  `load of ${PATIENTS * (OBSERVATIONS + 1)} resources in commits of 200, resources/s`,
  (PATIENTS * (OBSERVATIONS + 1)) / ((performance.now() - loading) / 1000),
);
report('RSS after loading, MB', process.memoryUsage().rss / 1e6);
report('database and log, MB', (statSync(file).size + statSync(`${file}-wal`).size) / 1e6);

let at = 1_000_000;
const next = (): Change => {
  at += 1;
  return observation(at, PATIENTS, random);
};
const commitOne = () => store.commit([next()]);
report('commits/s, 1 writer', await perSecond(commitOne));
report('commits/s, 32 writers', await perSecond(commitOne, 32));
const ten = (): Change[] => Array.from({ length: 10 }, next);
report('commits of 10/s, 8 writers', await perSecond(() => store.commit(ten()), 8));
report(
  'point reads/s',
  await perSecond(() => store.read({ type: 'Patient', id: `p${Math.floor(random() * PATIENTS)}` })),
);

const patient = (): Condition => ({
  kind: 'value',
  param: 'Observation.patient',
  test: { kind: 'reference', base: null, type: 'Patient', id: `p${Math.floor(random() * PATIENTS)}` },
});
const code = (value: string): Condition => ({
  kind: 'value',
  param: 'Observation.code',
  test: { kind: 'token', system: 'http://loinc.org', code: value },
});
const name = (folded: string, param: 'Patient.name' | 'Patient.family' = 'Patient.name'): Condition => ({
  kind: 'value',
  param,
  test: { kind: 'string', match: 'starts', folded },
});
const and = (...of: Condition[]): Condition => ({ kind: 'and', of });
const year = (value: number): Condition => ({
  kind: 'value',
  param: 'Observation.date',
  test: {
    kind: 'date',
    range: {
      join: 'every',
      bounds: [
        { end: 'low', is: '<=', value: Date.UTC(value + 1, 0) - 1 },
        { end: 'high', is: '>=', value: Date.UTC(value, 0) },
      ],
    },
  },
});
const newest = [{ by: 'param', param: 'Observation.date', of: 'date', descending: true }] as const;
const searches: [string, () => Query][] = [
  [
    'identifier',
    () => ({
      types: ['Patient'],
      where: {
        kind: 'value',
        param: 'Patient.identifier',
        test: { kind: 'token', system: 'http://hospital.example/mrn', code: `mrn-${Math.floor(random() * PATIENTS)}` },
      },
      sort: [],
    }),
  ],
  ['name', () => ({ types: ['Patient'], where: name('mul'), sort: [] })],
  [
    'gender and name',
    () => ({
      types: ['Patient'],
      where: and({ kind: 'value', param: 'Patient.gender', test: { kind: 'token', code: 'male' } }, name('given7')),
      sort: [],
    }),
  ],
  [
    'patient and code, newest first',
    () => ({ types: ['Observation'], where: and(patient(), code('8867-4')), sort: newest }),
  ],
  [
    'patient and rare code and year',
    () => ({ types: ['Observation'], where: and(patient(), code('2339-0'), year(2020)), sort: [] }),
  ],
  ['common code', () => ({ types: ['Observation'], where: code('8867-4'), sort: [] })],
  ['common code, newest first', () => ({ types: ['Observation'], where: code('8867-4'), sort: newest })],
  ['year', () => ({ types: ['Observation'], where: year(2020), sort: [] })],
  ['everything, newest first', () => ({ types: ['Observation'], where: undefined, sort: newest })],
  [
    'chain: patient.name',
    () => ({
      types: ['Observation'],
      where: { kind: 'chain', param: 'Observation.patient', types: ['Patient'], where: name('given77') },
      sort: [],
    }),
  ],
  [
    '_has: code',
    () => ({
      types: ['Patient'],
      where: { kind: 'referenced-by', source: 'Observation', param: 'Observation.patient', where: code('2339-0') },
      sort: [],
    }),
  ],
  [
    'by family',
    () => ({
      types: ['Patient'],
      where: undefined,
      sort: [{ by: 'param', param: 'Patient.family', of: 'string', descending: false }],
    }),
  ],
  ['not', () => ({ types: ['Observation'], where: { kind: 'not', of: code('8867-4') }, sort: [] })],
  [
    'of all types, updated',
    () => ({ types: undefined, where: undefined, sort: [{ by: 'updated', descending: true }] }),
  ],
];
for (const [label, query] of searches)
  report(
    `searches/s: ${label} (${(await store.search(query(), 10)).matches.length} of ${await store.count(query())})`,
    await perSecond(() => store.search(query(), 10)),
  );
report(
  'searches/s, 16 at once: patient and code',
  await perSecond(
    () => store.search({ types: ['Observation'], where: and(patient(), code('8867-4')), sort: [] }, 10),
    16,
  ),
);
report('RSS, MB', process.memoryUsage().rss / 1e6);
const here = openReader(file);
const direct = new Searches(here, new Names(here));
const [[, identifier] = ['', () => ({ types: [], where: undefined, sort: [] })]] = searches;
report('searches/s: identifier, without a thread', await perSecond(() => direct.search(identifier(), 10, undefined)));
here.close();
await store.close();
console.table(figures);
folder.remove();
