/**
 * What validation costs a write: `node test/bench/validation.ts [US-CORE-PACKAGE.tgz]`. Creates per second of one patient
 * at a time out of 16 writers, first plain, then with invariants, then with the US Core profile; and the server's memory.
 */
import { loadProfiles } from '../../local/load-profiles.ts';
import { startLocalServer } from '../local-server.ts';

const writers = 16;
const seconds = 5;

const patient = {
  resourceType: 'Patient',
  identifier: [{ system: 'http://hospital.example/mrn', value: '1032702' }],
  name: [{ family: 'Shaw', given: ['Amy', 'Victoria'], period: { start: '2016-12-06' } }],
  telecom: [{ system: 'phone', value: '555-555-5555', use: 'home' }],
  gender: 'female',
  birthDate: '1987-02-20',
  address: [{ line: ['49 Meadow St'], city: 'Mounds', state: 'OK', postalCode: '74047', country: 'US' }],
};
const profile = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient';

async function createsPerSecond(base: string, body: string, headers: Record<string, string>): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const write = async (): Promise<void> => {
    while (performance.now() < until) {
      const response = await fetch(`${base}/Patient`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/fhir+json', ...headers },
        body,
      });
      await response.arrayBuffer();
      if (response.status !== 201) throw new Error(`The server answered ${response.status}.`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return Math.round(done / seconds);
}

const server = await startLocalServer();
const base = `${server.url}/fhir`;
const report = (what: string, perSecond: number): void =>
  console.log(`${what.padEnd(28)} ${String(perSecond).padStart(6)}/s   ${Math.round(server.rss())} MB`);

const plain = JSON.stringify(patient);
const asked = { 'x-ms-profile-validation': 'true' };
await createsPerSecond(base, plain, {});
report('plain', await createsPerSecond(base, plain, {}));
await createsPerSecond(base, plain, asked);
report('with invariants', await createsPerSecond(base, plain, asked));
const [file] = process.argv.slice(2);
if (file !== undefined) {
  await loadProfiles(file, base);
  const profiled = JSON.stringify({ ...patient, meta: { profile: [profile] } });
  await createsPerSecond(base, profiled, asked);
  report('with the US Core profile', await createsPerSecond(base, profiled, asked));
}
await server.stop();
