/**
 * `npm run demo`: fills a running server with demo people through its public API.
 * `npm run demo -- --households 20 --url http://localhost:7071/fhir`
 */
import { parseArgs } from 'node:util';
import { demoBundles } from './bundles.ts';

const { values } = parseArgs({
  options: {
    households: { type: 'string', default: '1' },
    url: { type: 'string', default: 'http://localhost:7071/fhir' },
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
