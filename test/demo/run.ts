/**
 * `npm run demo`: fills a running server with demo people, and a CT of one of them, through its public API.
 * `npm run demo -- --households 20 --url http://localhost:7071/fhir --dicom-url http://localhost:7071/dicom/v2`
 */
import { parseArgs } from 'node:util';
import { demoBundles } from './bundles.ts';
import { ctSeries, demoInstance, demoSeries, demoSlices, demoStudy } from './ct-series.ts';

const { values } = parseArgs({
  options: {
    households: { type: 'string', default: '1' },
    url: { type: 'string', default: 'http://localhost:7071/fhir' },
    'dicom-url': { type: 'string', default: 'http://localhost:7071/dicom/v2' },
  },
});
const households = Number(values.households);
if (!Number.isInteger(households) || households < 1 || households > 1000) {
  console.error('--households is a whole number from 1 to 1000.');
  process.exit(2);
}

const bundles = demoBundles(households);
let resources = 0;
const started = performance.now();
for (const [index, bundle] of bundles.entries()) {
  await post(bundle);
  resources += bundle.entry.length;
  progress(index + 1, bundles.length, resources);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`\n${resources} resources of ${bundles.length - 1} people in ${seconds} s. Look at one:`);
console.log(`  ${values.url}/Patient/demo-1-anna`);
console.log(`  ${values.url}/Observation?patient=demo-1-anna&code=85354-9&_sort=-date`);
await storeCt(values['dicom-url']);

async function post(bundle: unknown): Promise<void> {
  const answer = await fetch(values.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json', Prefer: 'return=minimal' },
    body: JSON.stringify(bundle),
  }).catch((error: unknown) =>
    fail(`No server answers at ${values.url}: start it with "npm start" (${String(error)}).`),
  );
  if (!answer.ok) fail(`The server answered ${answer.status}: ${await answer.text()}`);
}

/** PUT: a second run replaces the series. A workspace without that DICOM service has no CT. */
async function storeCt(url: string): Promise<void> {
  const head = Buffer.from('--demo\r\nContent-Type: application/dicom\r\n\r\n');
  const parts = ctSeries().flatMap((file) => [head, file, Buffer.from('\r\n')]);
  const answer = await fetch(`${url}/studies`, {
    method: 'PUT',
    headers: {
      Accept: 'application/dicom+json',
      'Content-Type': 'multipart/related; type="application/dicom"; boundary=demo',
    },
    body: new Uint8Array(Buffer.concat([...parts, Buffer.from('--demo--\r\n')])),
  });
  if (answer.status === 404) return console.log(`No DICOM service answers at ${url}: no CT was stored.`);
  if (answer.status !== 200) fail(`The DICOM service answered ${answer.status}: ${await answer.text()}`);
  console.log(`A CT of ${demoSlices} slices. Look at the middle one:`);
  console.log(`  ${url}/studies/${demoStudy}/series/${demoSeries}/instances/${demoInstance(demoSlices / 2)}/rendered`);
}

function fail(message: string): never {
  console.error(`\n${message}`);
  process.exit(1);
}

function progress(done: number, all: number, count: number): void {
  const width = 30;
  const filled = Math.round((done / all) * width);
  const bar = `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${all} bundles, ${count} resources`;
  if (process.stdout.isTTY) process.stdout.write(`\r${bar}`);
  else if (done === all) console.log(bar);
}
