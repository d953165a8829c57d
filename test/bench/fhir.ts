/** The FHIR service under load, and its floors. */
import { demoBundles } from '../demo/bundles.ts';
import { startLocalServer } from '../local-server.ts';
import { plainHttp, plainInserts } from './floor.ts';
import { load, type Measured, type Shot } from './load.ts';

export async function benchFhir({ seconds, households }: { seconds: number; households: number }): Promise<void> {
  const bundles = demoBundles(households);
  const resources = bundles.flatMap(({ entry }) => entry.map(({ resource }) => resource));
  const patients = resources.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id);
  const observations = resources.filter(({ resourceType }) => resourceType === 'Observation');

  const floor = await plainHttp();
  const started = performance.now();
  const server = await startLocalServer();
  const ready = performance.now() - started;
  const fhir = `${server.url}/fhir`;

  console.log(`FHIR: ${resources.length} resources, ${seconds} s a line.`);
  const inserts = plainInserts(seconds);
  const httpGet = { 1: await load(floor.url, 1, seconds, get('/')), 16: await load(floor.url, 16, seconds, get('/')) };
  const observation = (count: number) => JSON.stringify({ ...pick(observations, count), id: undefined });
  const httpPost = await load(floor.url, 16, seconds, (count) => ({
    method: 'POST',
    path: '/',
    body: observation(count),
  }));
  line('floor: node:http GET, 1 connection', httpGet[1]);
  line('floor: node:http GET, 16 connections', httpGet[16]);
  line('floor: node:http POST, 16 connections', httpPost);
  console.log(`${'floor: SQLite, one row a commit'.padEnd(52)}${inserts.toFixed(0).padStart(8)} /s`);

  const begun = performance.now();
  for (const bundle of bundles) await post(bundle);
  const perSecond = resources.length / ((performance.now() - begun) / 1000);
  const share = (perSecond / inserts).toFixed(2);
  console.log(
    `${'transactions of 38 entries, one at a time: resources'.padEnd(52)}${perSecond.toFixed(0).padStart(8)} /s   ${share} of SQLite commits`,
  );

  line('read, 1 connection', await load(fhir, 1, seconds, readPatient), httpGet[1]);
  line('read, 16 connections', await load(fhir, 16, seconds, readPatient), httpGet[16]);
  line('create Observation, 1 connection', await load(fhir, 1, seconds, create), httpPost);
  line('create Observation, 16 connections', await load(fhir, 16, seconds, create), httpPost);
  line('search by name', await load(fhir, 16, seconds, get('/Patient?name=lind')), httpGet[16]);
  line('search by patient and code, newest first', await load(fhir, 16, seconds, newest), httpGet[16]);
  line('search by code and date with _include', await load(fhir, 16, seconds, included), httpGet[16]);
  console.log(`ready after ${ready.toFixed(0)} ms; memory at the end ${server.rss().toFixed(0)} MB.`);

  await server.stop();
  floor.stop();

  function get(path: string): () => Shot {
    return () => ({ method: 'GET', path });
  }
  function readPatient(count: number): Shot {
    return { method: 'GET', path: `/Patient/${pick(patients, count)}` };
  }
  function create(count: number): Shot {
    return { method: 'POST', path: '/Observation', body: observation(count) };
  }
  function newest(count: number): Shot {
    return { method: 'GET', path: `/Observation?patient=${pick(patients, count)}&code=8867-4&_sort=-date&_count=5` };
  }
  function included(): Shot {
    return {
      method: 'GET',
      path: '/Observation?code=http://loinc.org|85354-9&date=ge2024&_include=Observation:subject&_count=10',
    };
  }
  async function post(bundle: unknown): Promise<void> {
    const headers = { 'Content-Type': 'application/fhir+json' };
    const answer = await fetch(fhir, { method: 'POST', headers, body: JSON.stringify(bundle) });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  }
}

function pick<T>(from: readonly T[], count: number): T {
  return from[(count * 7919) % from.length] as T;
}

function line(what: string, measured: Measured, against?: Measured): void {
  const { rate, median, p99 } = measured;
  const ratio = against ? `   ${(rate / against.rate).toFixed(2)} of its floor` : '';
  console.log(
    `${what.padEnd(52)}${rate.toFixed(0).padStart(8)} /s   median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms${ratio}`,
  );
}
