/**
 * For tests: random records of the patients `a` and `b` that refer to each other, and what belongs to neither. What is of
 * patient `a` is said here anew, from FHIR R4's definition of the Patient compartment, not taken from the code under test.
 */
import fc from 'fast-check';
import type { JsonObject, Resource } from '../../resource/types.ts';

export type Content = Resource & { id: string };

export interface Stored {
  readonly key: { readonly type: string; readonly id: string };
  /** Undefined: a deletion. `hidden`: never there; the next one has its number all the same. */
  readonly versions: readonly (Content | undefined | 'hidden')[];
}

export type World = readonly Stored[];

type Owner = 'a' | 'b';
const shared = ['Practitioner', 'Organization', 'Location', 'Medication'];
const reference = (type: string, id: string) => ({ reference: `${type}/${id}` });
const people: fc.Arbitrary<Owner> = fc.constantFrom('a', 'b');
const words = fc.constantFrom('knee', 'heart', 'lung');
const code = fc.constantFrom('c1', 'c2', 'c3').map((each) => ({ coding: [{ system: 'http://codes', code: each }] }));
const status = fc.constantFrom('final', 'amended');
const number = fc.integer({ min: 0, max: 4 });
const day = fc.integer({ min: 1, max: 5 }).map((each) => `2020-01-0${each}`);

/** Ids are the same for resources of either patient, so that nothing but the content tells whose they are. */
const any = {
  Observation: number.map((n) => `o${n}`),
  Condition: number.map((n) => `c${n}`),
  Encounter: number.map((n) => `e${n}`),
};

interface Parts {
  readonly owner: Owner;
  readonly other: Owner;
  readonly n: number;
  readonly word: string;
  readonly code: JsonObject;
  readonly status: string;
  readonly day: string;
  readonly observation: string;
  readonly condition: string;
  readonly encounter: string;
  readonly chance: number;
}

const parts: fc.Arbitrary<Parts> = fc.record({
  owner: people,
  other: people,
  n: number,
  word: words,
  code,
  status,
  day,
  observation: any.Observation,
  condition: any.Condition,
  encounter: any.Encounter,
  chance: fc.integer({ min: 0, max: 9 }),
});

type Template = (parts: Parts) => Resource;

const templates: Readonly<Record<string, Template>> = {
  Observation: (p) => ({
    resourceType: 'Observation',
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${p.word} ${p.owner}</div>` },
    identifier: [{ system: 'http://ids', value: `i${p.n}` }],
    status: p.status,
    code: p.code,
    subject: reference('Patient', p.owner),
    focus: [reference('Observation', p.observation), reference('Patient', p.other)],
    encounter: reference('Encounter', p.encounter),
    effectiveDateTime: p.day,
    ...(p.chance < 2 && { performer: [reference('Patient', p.other)] }),
    ...(p.chance >= 2 && { performer: [reference('Practitioner', 'p1'), reference('Organization', 'g1')] }),
    hasMember: [reference('Observation', p.observation)],
    note: [{ text: `${p.word} of ${p.owner}` }],
  }),
  Condition: (p) => ({
    resourceType: 'Condition',
    code: p.code,
    subject: reference('Patient', p.owner),
    encounter: reference('Encounter', p.encounter),
    evidence: [{ detail: [reference('Observation', p.observation)] }],
    ...(p.chance < 2 && { asserter: reference('Patient', p.other) }),
    onsetDateTime: p.day,
  }),
  Encounter: (p) => ({
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'AMB' },
    subject: reference('Patient', p.owner),
    diagnosis: [{ condition: reference('Condition', p.condition) }],
    serviceProvider: reference('Organization', 'g1'),
    period: { start: p.day },
  }),
  List: (p) => ({
    resourceType: 'List',
    status: 'current',
    mode: 'working',
    ...(p.chance < 8 && { subject: reference('Patient', p.owner) }),
    entry: [
      { item: reference('Observation', p.observation) },
      { item: reference('Condition', p.condition) },
      { item: reference('Patient', p.other) },
    ],
  }),
  Provenance: (p) => ({
    resourceType: 'Provenance',
    target: [reference('Observation', p.observation), ...(p.chance < 6 ? [reference('Patient', p.owner)] : [])],
    recorded: `${p.day}T00:00:00Z`,
    agent: [{ who: reference('Practitioner', 'p1') }],
  }),
  Composition: (p) => ({
    resourceType: 'Composition',
    status: 'final',
    type: p.code,
    subject: reference('Patient', p.owner),
    date: p.day,
    author: [reference('Practitioner', 'p1')],
    title: p.word,
    section: [{ entry: [reference('Observation', p.observation), reference('Condition', p.condition)] }],
  }),
  DocumentReference: (p) => ({
    resourceType: 'DocumentReference',
    status: 'current',
    subject: reference('Patient', p.owner),
    type: p.code,
    content: [{ attachment: { url: 'http://x' } }],
    context: { related: [reference('Observation', p.observation)], period: { start: p.day } },
  }),
  Coverage: (p) => ({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: reference('Patient', p.owner),
    subscriberId: `s${p.n}`,
    payor: [p.chance < 2 ? reference('Patient', p.other) : reference('Organization', 'g1')],
  }),
  Device: (p) => ({
    resourceType: 'Device',
    ...(p.chance < 7 && { patient: reference('Patient', p.owner) }),
    owner: reference('Organization', 'g1'),
    deviceName: [{ name: p.word, type: 'other' }],
  }),
  Group: (p) => ({
    resourceType: 'Group',
    type: 'person',
    actual: true,
    member: [
      { entity: reference('Patient', p.owner) },
      ...(p.chance < 3 ? [{ entity: reference('Patient', p.other) }] : []),
    ],
  }),
  Location: (p) => ({ resourceType: 'Location', name: p.word, managingOrganization: reference('Organization', 'g1') }),
  Basic: (p) => ({
    resourceType: 'Basic',
    code: p.code,
    ...(p.chance < 5 && { subject: reference('Patient', p.owner) }),
  }),
  Binary: () => ({ resourceType: 'Binary', contentType: 'text/plain', data: 'YQ==' }),
  ValueSet: (p) => ({
    resourceType: 'ValueSet',
    url: `http://sets/${p.n}`,
    status: 'active',
    compose: { include: [{ system: 'http://codes', concept: [{ code: 'c1' }, { code: `c${p.n}` }] }] },
  }),
  CodeSystem: (p) => ({
    resourceType: 'CodeSystem',
    url: 'http://codes',
    status: 'active',
    content: 'complete',
    valueSet: `http://sets/all${p.n}`,
    concept: [{ code: 'c1', display: p.word }],
  }),
};

export const types = [...Object.keys(templates), 'Patient', 'Practitioner', 'Organization'];

const initial: Readonly<Record<string, string>> = { Observation: 'o', Condition: 'c', Encounter: 'e' };

export function idOf(type: string, n: number): string {
  return `${initial[type] ?? type.toLowerCase()}${n}`;
}

const often = [
  'Observation',
  'Observation',
  'Observation',
  'Observation',
  'Condition',
  'Condition',
  'Encounter',
  'List',
  'Provenance',
];

const one: fc.Arbitrary<Stored> = fc
  .tuple(
    fc.constantFrom(...Object.keys(templates), ...often),
    number,
    fc.array(fc.option(parts, { freq: 9, nil: undefined }), { minLength: 1, maxLength: 3 }),
  )
  .map(([type, n, all]) => {
    const id = idOf(type, n);
    const versions = all.map((each) => each && ({ ...templates[type]?.(each), id } as Content));
    return { key: { type, id }, versions };
  });

const always: World = [
  ...(['a', 'b'] as const).map((id): Stored => {
    const identifier = [
      { type: { coding: [{ code: 'MB' }] }, system: 'http://members', value: `m-${id}` },
      { system: 'http://ids', value: 'same' },
    ];
    const name = [{ family: id === 'a' ? 'Adams' : 'Brown', given: ['Kim'] }];
    const managingOrganization = reference('Organization', 'g1');
    const link = [{ other: reference('Patient', id === 'a' ? 'b' : 'c'), type: 'seealso' }];
    const content = { resourceType: 'Patient', id, identifier, name, managingOrganization, link } as Content;
    return { key: { type: 'Patient', id }, versions: [content] };
  }),
  {
    key: { type: 'Practitioner', id: 'p1' },
    versions: [{ resourceType: 'Practitioner', id: 'p1', name: [{ family: 'Cole' }] }],
  },
  { key: { type: 'Organization', id: 'g1' }, versions: [{ resourceType: 'Organization', id: 'g1', name: 'Clinic' }] },
];

/** Each key once. */
export const worlds: fc.Arbitrary<World> = fc
  .uniqueArray(one, { minLength: 30, maxLength: 50, selector: ({ key }) => `${key.type}/${key.id}` })
  .map((resources) => [...always, ...resources]);

/** Elements by which FHIR R4's Patient compartment takes the types above. */
const compartment: Readonly<Record<string, readonly string[]>> = {
  Observation: ['subject', 'performer'],
  Condition: ['subject', 'asserter'],
  Encounter: ['subject'],
  List: ['subject', 'source'],
  Provenance: ['target'],
  Composition: ['subject', 'author'],
  DocumentReference: ['subject', 'author'],
  Coverage: ['beneficiary', 'payor', 'subscriber', 'policyHolder'],
  Group: ['member'],
  Basic: ['subject', 'author'],
};

export function isOfA(content: Content): boolean {
  const { resourceType: type, id } = content;
  const mentions = (...elements: string[]) =>
    elements.some((element) => JSON.stringify(content[element] ?? '').includes('"Patient/a"'));
  if (shared.includes(type)) return true;
  if (type === 'Patient') return id === 'a' || mentions('link');
  if (type === 'Device') return content.patient === undefined || mentions('patient');
  return mentions(...(compartment[type] ?? []));
}

/** As a store would be that never had what `sees` says is hidden. Versions keep their numbers. */
export function without(world: World, sees: (content: Content) => boolean): World {
  return world.flatMap((stored) => {
    const versions = stored.versions.map((content) => {
      return content === undefined || content === 'hidden' || sees(content) ? content : 'hidden';
    });
    return versions.some((content) => content !== 'hidden') ? [{ ...stored, versions }] : [];
  });
}
