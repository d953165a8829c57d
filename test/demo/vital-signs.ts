/** Vital signs as FHIR Observations (LOINC codes, UCUM units) of a person at a visit. */
import type { Person } from './household.ts';
import type { Random } from './random.ts';

export interface Visit {
  /** `2024-05-17` */
  readonly date: string;
  /** Reference to the encounter. */
  readonly encounter: string;
  /** Years of age. */
  readonly age: number;
}

const loinc = 'http://loinc.org';
const category = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/observation-category',
      code: 'vital-signs',
      display: 'Vital Signs',
    },
  ],
};

const quantity = (value: number, unit: string, code: string) => ({
  value,
  unit,
  system: 'http://unitsofmeasure.org',
  code,
});
const concept = (code: string, display: string) => ({ coding: [{ system: loinc, code, display }], text: display });

export function vitalSigns(person: Person, visit: Visit, hypertension: boolean, random: Random) {
  const height = heightAt(person, visit.age);
  const bodyMassIndex = visit.age < 18 ? random.around(17 + visit.age / 6, 1, 1) : random.around(25, 1.5, 1);
  const weight = Number(((bodyMassIndex * height * height) / 10_000).toFixed(1));
  const base = (name: string) => ({
    resourceType: 'Observation',
    id: `${person.id}-${visit.date}-${name}`,
    status: 'final',
    category: [category],
    subject: { reference: `Patient/${person.id}` },
    encounter: { reference: visit.encounter },
    effectiveDateTime: `${visit.date}T09:30:00Z`,
  });
  const systolic = random.around(hypertension ? 142 : 112 + visit.age / 8, 6, 0);
  const diastolic = random.around(hypertension ? 91 : 70 + visit.age / 12, 4, 0);
  return [
    { ...base('height'), code: concept('8302-2', 'Body height'), valueQuantity: quantity(height, 'cm', 'cm') },
    { ...base('weight'), code: concept('29463-7', 'Body weight'), valueQuantity: quantity(weight, 'kg', 'kg') },
    {
      ...base('heart-rate'),
      code: concept('8867-4', 'Heart rate'),
      valueQuantity: quantity(random.around(visit.age < 12 ? 88 : 70, 7, 0), 'beats/minute', '/min'),
    },
    {
      ...base('blood-pressure'),
      code: concept('85354-9', 'Blood pressure panel with all children optional'),
      component: [
        { code: concept('8480-6', 'Systolic blood pressure'), valueQuantity: quantity(systolic, 'mmHg', 'mm[Hg]') },
        { code: concept('8462-4', 'Diastolic blood pressure'), valueQuantity: quantity(diastolic, 'mmHg', 'mm[Hg]') },
      ],
    },
  ];
}

/** Centimetres: children grow by a simple curve to their adult height. */
function heightAt(person: Person, age: number): number {
  const adult = person.gender === 'female' ? 166 : 179;
  return Number((age >= 18 ? adult : 50 + (adult - 50) * (age / 18) ** 0.65).toFixed(1));
}
