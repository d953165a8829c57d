/** A person's record: the patient, a visit a year with vital signs, conditions and the medication for them. */
import type { Person } from './household.ts';
import type { Random } from './random.ts';
import { type Visit, vitalSigns } from './vital-signs.ts';

export interface DemoResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

/** The years that a record covers. */
const years = { from: 2019, to: 2025 };

const snomed = 'http://snomed.info/sct';
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const illnesses = {
  hypertension: {
    code: '59621000',
    display: 'Essential hypertension',
    drug: { code: '314076', display: 'lisinopril 10 MG Oral Tablet' },
    dose: 'One tablet in the morning',
  },
  diabetes: {
    code: '44054006',
    display: 'Diabetes mellitus type 2',
    drug: { code: '861007', display: 'metformin hydrochloride 500 MG Oral Tablet' },
    dose: 'One tablet twice a day with meals',
  },
  asthma: {
    code: '195967001',
    display: 'Asthma',
    drug: { code: '745679', display: 'albuterol 0.09 MG/ACTUAT Metered Dose Inhaler' },
    dose: 'Two puffs when needed',
  },
} as const;
type Illness = keyof typeof illnesses;

export const practice: readonly DemoResource[] = [
  {
    resourceType: 'Organization',
    id: 'demo-practice',
    active: true,
    name: 'Riverside Family Practice',
    telecom: [{ system: 'phone', value: '+1-555-0100' }],
  },
  {
    resourceType: 'Practitioner',
    id: 'demo-dr-weber',
    active: true,
    name: [{ family: 'Weber', given: ['Julia'], prefix: ['Dr.'] }],
    gender: 'female',
  },
];

export function record(person: Person, random: Random): DemoResource[] {
  const ill = illnessesOf(person, random);
  const resources: DemoResource[] = [patient(person)];
  for (const illness of ill) resources.push(condition(person, illness), medication(person, illness));
  const born = Number(person.birthDate.slice(0, 4));
  for (let year = Math.max(years.from, born + 1); year <= years.to; year += 1) {
    const date = `${year}-${String(random.whole(1, 12)).padStart(2, '0')}-${String(random.whole(1, 28)).padStart(2, '0')}`;
    const id = `${person.id}-visit-${year}`;
    const visit: Visit = { date, encounter: `Encounter/${id}`, age: year - born };
    resources.push(encounter(person, id, date), ...vitalSigns(person, visit, ill.includes('hypertension'), random));
  }
  return resources;
}

function illnessesOf(person: Person, random: Random): Illness[] {
  if (person.role === 'grandparent') return random.next() < 0.5 ? ['hypertension', 'diabetes'] : ['hypertension'];
  if (person.role === 'parent') return random.next() < 0.3 ? ['hypertension'] : [];
  return random.next() < 0.25 ? ['asthma'] : [];
}

function patient(person: Person): DemoResource {
  return {
    resourceType: 'Patient',
    id: person.id,
    identifier: [{ system: 'urn:oid:2.16.840.1.113883.19.5', value: person.id.toUpperCase() }],
    active: true,
    name: [{ use: 'official', family: person.family, given: [person.given] }],
    telecom: [{ system: 'phone', value: person.phone, use: 'home' }],
    gender: person.gender,
    birthDate: person.birthDate,
    address: [
      { use: 'home', line: [person.address.line], city: person.address.city, postalCode: person.address.postalCode },
    ],
    generalPractitioner: [{ reference: 'Practitioner/demo-dr-weber' }],
    managingOrganization: { reference: 'Organization/demo-practice' },
  };
}

function encounter(person: Person, id: string, date: string): DemoResource {
  return {
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [{ coding: [{ system: snomed, code: '185349003', display: 'Encounter for check up' }] }],
    subject: { reference: `Patient/${person.id}` },
    participant: [{ individual: { reference: 'Practitioner/demo-dr-weber' } }],
    period: { start: `${date}T09:00:00Z`, end: `${date}T09:45:00Z` },
    serviceProvider: { reference: 'Organization/demo-practice' },
  };
}

function condition(person: Person, illness: Illness): DemoResource {
  const { code, display } = illnesses[illness];
  return {
    resourceType: 'Condition',
    id: `${person.id}-${illness}`,
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
    },
    code: { coding: [{ system: snomed, code, display }], text: display },
    subject: { reference: `Patient/${person.id}` },
    onsetDateTime: `${years.from}-02`,
    recordedDate: `${years.from}-02-11`,
  };
}

function medication(person: Person, illness: Illness): DemoResource {
  const { drug, dose } = illnesses[illness];
  return {
    resourceType: 'MedicationRequest',
    id: `${person.id}-${illness}-medication`,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { coding: [{ system: rxnorm, ...drug }], text: drug.display },
    subject: { reference: `Patient/${person.id}` },
    authoredOn: `${years.from}-02-11`,
    requester: { reference: 'Practitioner/demo-dr-weber' },
    reasonReference: [{ reference: `Condition/${person.id}-${illness}` }],
    dosageInstruction: [{ text: dose }],
  };
}
