/** Made-up resources with the skew of real ones: one code on half of the observations, names that many share. */
import { fold, type IndexEntry, type SimpleValue } from '../../resources/index-entry.ts';
import type { Change } from '../../resources/resource-store.ts';
import { seeded } from './random.ts';

const DAY = 86_400_000;
const START = Date.UTC(2015, 0, 1);
const families = ['Smith', 'Müller', 'García', 'Nguyen', 'Okafor', 'Rossi', 'Haddad', 'Kim', 'Silva', 'Novák'];
const vitals = ['8867-4', '8867-4', '8867-4', '8867-4', '8480-6', '8462-4', '29463-7', '8302-2', '2339-0'];
const body = new TextEncoder().encode(`,"text":"${'x'.repeat(2000)}"}`);

function put(type: string, id: string, index: IndexEntry[]): Change {
  return { kind: 'put', key: { type, id }, expected: 0, method: 'PUT', body, index, keepPrevious: true };
}

export function patient(at: number, random: () => number): Change {
  const family = families[Math.floor(random() * random() * families.length)] ?? 'Smith';
  const low = START - Math.floor(random() * 30_000) * DAY;
  return put('Patient', `p${at}`, [
    { param: 'Patient.family', kind: 'string', exact: family, folded: fold(family) },
    { param: 'Patient.name', kind: 'string', exact: family, folded: fold(family) },
    { param: 'Patient.name', kind: 'string', exact: `Given${at}`, folded: `given${at}` },
    { param: 'Patient.birthdate', kind: 'date', low, high: low + DAY - 1 },
    {
      param: 'Patient.gender',
      kind: 'token',
      system: 'http://hl7.org/fhir/administrative-gender',
      code: at % 2 ? 'male' : 'female',
      text: null,
    },
    {
      param: 'Patient.identifier',
      kind: 'token',
      system: 'http://hospital.example/mrn',
      code: `mrn-${at}`,
      text: null,
    },
    { param: 'Patient.active', kind: 'token', system: 'http://hl7.org/fhir/special-values', code: 'true', text: null },
    { param: 'Patient.organization', kind: 'reference', base: null, type: 'Organization', id: `o${at % 3}` },
    { param: 'Resource._profile', kind: 'uri', uri: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient' },
    ...(at % 100 === 0
      ? [{ param: 'Patient.deceased', kind: 'token', system: null, code: 'true', text: null } as const]
      : []),
  ]);
}

/** About 12 rows of the index. */
export function observation(at: number, patients: number, random: () => number): Change {
  const code = vitals[Math.floor(random() * vitals.length)] ?? '8867-4';
  const low = START + Math.floor(random() * 3000) * DAY + Math.floor(random() * DAY);
  const value = Math.round(random() * 2000) / 10;
  const coding = { kind: 'token', system: 'http://loinc.org', code, text: null } as const;
  const quantity: SimpleValue = {
    kind: 'quantity',
    system: 'http://unitsofmeasure.org',
    code: '/min',
    low: value,
    high: value,
    canonical: { unit: 's-1', low: value / 60, high: value / 60 },
  };
  const subject = {
    kind: 'reference',
    base: null,
    type: 'Patient',
    id: `p${Math.floor(random() * patients)}`,
  } as const;
  return put('Observation', `b${at}`, [
    { param: 'Observation.code', ...coding, text: 'heart rate' },
    { param: 'Observation.combo-code', ...coding },
    {
      param: 'Observation.category',
      kind: 'token',
      system: 'http://hl7.org/category',
      code: 'vital-signs',
      text: null,
    },
    { param: 'Observation.status', kind: 'token', system: 'http://hl7.org/status', code: 'final', text: null },
    { param: 'Observation.date', kind: 'date', low, high: low },
    { param: 'Observation.patient', ...subject },
    { param: 'Observation.subject', ...subject },
    { param: 'Observation.encounter', kind: 'reference', base: null, type: 'Encounter', id: `e${at >> 3}` },
    { param: 'Observation.value-quantity', ...quantity },
    { param: 'Observation.code-value-quantity', kind: 'composite', parts: [coding, quantity] },
  ]);
}

/** `patients` patients and `each` observations for each of them, in commits of `size` changes. */
export function clinic(patients: number, each: number, size = 200, seed = 1): Change[][] {
  const random = seeded(seed);
  const changes: Change[] = [];
  for (let at = 0; at < 3; at += 1)
    changes.push(
      put('Organization', `o${at}`, [
        { param: 'Organization.name', kind: 'string', exact: `Org ${at}`, folded: `org ${at}` },
      ]),
    );
  for (let at = 0; at < patients; at += 1) changes.push(patient(at, random));
  for (let at = 0; at < patients * each; at += 1) changes.push(observation(at, patients, random));
  return Array.from({ length: Math.ceil(changes.length / size) }, (_, at) => changes.slice(at * size, (at + 1) * size));
}
