/**
 * What a reindex takes, and what it costs those who read and write meanwhile. `node test/bench/reindex.ts --households 400`
 * Each resource of every type is indexed anew, because the new parameter is one that all types share.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { demoBundles } from '../demo/bundles.ts';
import { fhirRequests } from '../fhir/fhir-requests.ts';
import { parameterOf, searchParameter } from '../fhir/reindexing.ts';
import { startLocalServer } from '../local-server.ts';
import { load, type Measured, type Shot } from './load.ts';

const { values } = parseArgs({ options: { households: { type: 'string', default: '400' } } });
const bundles = demoBundles(Number(values.households));
const resources = bundles.flatMap(({ entry }) => entry.map(({ resource }) => resource));
const ids = resources.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id);

const server = await startLocalServer();
const fhir = `${server.url}/fhir`;
const send = fhirRequests(fhir);
for (const bundle of bundles) await send('POST', '', bundle);
console.log(`${resources.length} resources`);

await define('alone');
const began = performance.now();
const job = await start();
while ((await state(job)) !== 'Completed') await pause(50);
const rate = resources.length / ((performance.now() - began) / 1000);
console.log(`reindex alone: ${rate.toFixed(0)} resources/s, memory ${server.rss().toFixed(0)} MB`);

const kinds: [string, (count: number) => Shot][] = [
  ['read, 4 connections', (count) => ({ method: 'GET', path: `/Patient/${pick(count)}` })],
  [
    'search by patient and code, 4 connections',
    (count) => ({ method: 'GET', path: `/Observation?patient=${pick(count)}&code=8867-4&_count=5` }),
  ],
  [
    'create, 4 connections',
    () => ({ method: 'POST', path: '/Basic', body: '{"resourceType":"Basic","code":{"text":"x"}}' }),
  ],
];
for (const [name, shot] of kinds) {
  const before = await load(fhir, 4, 3, shot);
  await define(`with-${kinds.findIndex(([each]) => each === name)}`);
  const running = await start();
  const during = await load(fhir, 4, 3, shot);
  const still = await state(running);
  console.log(`${name}: alone ${shown(before)}; during a reindex ${shown(during)} (${still} at the end)`);
  while ((await state(running)) !== 'Completed') await pause(100);
}
await server.stop();

async function define(code: string): Promise<void> {
  const more = { type: 'token', base: ['Resource'], expression: 'Resource.language' };
  const { status } = await send('POST', '/SearchParameter', searchParameter(`http://example.org/${code}`, code, more));
  if (status !== 201) throw new Error(`The parameter was not stored: ${status}`);
}

async function start(): Promise<string> {
  return (await send('POST', '/$reindex', { resourceType: 'Parameters' })).body.id;
}

async function state(id: string): Promise<unknown> {
  return parameterOf(await send('GET', `/_operations/reindex/${id}`), 'status');
}

function pick(count: number): string {
  return String(ids[(count * 7919) % ids.length]);
}

function shown({ rate, median, p99 }: Measured): string {
  return `${rate.toFixed(0)}/s, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}
