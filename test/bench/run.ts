/**
 * `npm run bench`: the project and its floor in one run on one machine, and the ratios, which travel better than figures.
 * `npm run bench -- --seconds 5 --households 40`, `npm run bench -- --only dicom`, `npm run bench -- --only "WADO frame"`,
 * `npm run bench -- --only medtech`
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchDicom } from './dicom.ts';
import { benchEventHubs } from './event-hubs.ts';
import { benchFhir } from './fhir.ts';
import { benchMedtech } from './medtech.ts';
import { benchObservations } from './medtech-observations.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    households: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const only = values.only.toLowerCase();

console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}).`);
if (only === '' || only === 'fhir') await benchFhir({ seconds, households: Number(values.households) });
if (only !== 'fhir') {
  await benchMedtech({ seconds, rounds: Number(values.rounds), only });
  await benchObservations({ seconds, rounds: Number(values.rounds), only });
  await benchEventHubs({ seconds, rounds: Number(values.rounds), only });
  await benchDicom({ seconds, rounds: Number(values.rounds), only: only === 'dicom' ? '' : only });
}
