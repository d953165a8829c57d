/** For tests: random requests of every kind to the service that holds `two-patients.ts`. */
import fc from 'fast-check';
import type { Asked } from './smart-rig.ts';
import { idOf, types } from './two-patients.ts';

const number = fc.integer({ min: 0, max: 4 });
const type = fc.constantFrom(...types);
const key = fc.oneof(
  fc.tuple(type, number).map(([of, n]) => `${of}/${idOf(of, n)}`),
  fc.constantFrom('Patient/a', 'Patient/b', 'Practitioner/p1', 'Organization/g1', 'Patient/none'),
);
const get = (path: string): Asked => ({ method: 'GET', path });

/** What a type is searched by; `Resource`: any type. Some of it is refused or ignored, on both sides alike. */
const criteriaOf: Readonly<Record<string, readonly string[]>> = {
  Resource: [
    ...[
      '_list=list1',
      '_list=list2',
      '_list=list3',
      '_not-referenced=*:*',
      '_not-referenced=Observation:*',
      '_content=knee',
    ],
    ...[
      '_not-referenced=List:item',
      '_text=b',
      '_content=brown',
      '_id=o1,o2,b,c1,e1',
      '_id:not=o1',
      '_lastUpdated=gt2000',
    ],
    ...['_lastUpdated=lt2000', '_tag=x', '_has:List:item:status=current', '_has:Provenance:target:agent=p1'],
    ...['_has:List:item:subject:Patient.family=Brown', '_has:Observation:focus:code=c1', '_id=a,b'],
  ],
  Observation: [
    ...[
      'code=c1',
      'code=c1,c2',
      'code:not=c1',
      'status=final',
      'patient=b',
      'patient=a',
      'subject=Patient/b',
      'patient.name=Brown',
    ],
    ...['subject:Patient.family=Adams', 'patient.identifier=same', 'patient.link:Patient._id=b', 'focus:Patient._id=b'],
    ...[
      'focus:Observation.code=c1',
      'focus:Observation.status=final',
      'has-member.code=c1',
      'has-member.subject:Patient._id=b',
    ],
    ...[
      'has-member:Observation.has-member:Observation.code=c2',
      'encounter.class=AMB',
      'encounter.diagnosis:Condition.code=c2',
    ],
    ...['encounter.service-provider.name=Clinic', 'encounter.patient.family=Brown', 'performer:Patient.family=Brown'],
    ...[
      '_has:Observation:focus:code=c1',
      '_has:Observation:has-member:patient=b',
      '_has:Condition:evidence-detail:code=c1',
    ],
    ...[
      '_has:Observation:focus:_has:List:item:status=current',
      '_has:Observation:has-member:focus:Observation.code=c1',
    ],
    ...['_not-referenced=Observation:focus', '_filter=code eq c1', '_filter=subject:Patient.family eq "Brown"'],
    ...['_filter=has-member.code eq c1', '_filter=not (focus:Observation.status eq final)', 'code:in=http://sets/1'],
    ...[
      'code:in=ValueSet/valueset2',
      'code:not-in=http://sets/2',
      'code:below=http://codes|c1',
      'identifier=http://ids|i1',
    ],
    ...['date=2020-01-02', 'subject:missing=true', 'performer:Organization.name=Clinic'],
  ],
  Condition: [
    ...[
      'code=c1',
      'patient=b',
      'evidence-detail:Observation.code=c1',
      'encounter.diagnosis:Condition.code=c1',
      'asserter:Patient.family=Brown',
    ],
    ...['_has:Encounter:diagnosis:class=AMB', '_has:Encounter:diagnosis:patient.family=Brown', 'encounter.patient=b'],
  ],
  Patient: [
    ...[
      'name=Brown',
      'family=Adams',
      'identifier=same',
      'organization.name=Clinic',
      'link=Patient/b',
      'link:Patient.family=Brown',
    ],
    ...[
      '_has:Coverage:beneficiary:payor=g1',
      '_has:Coverage:payor:status=active',
      '_has:Observation:performer:code=c2',
    ],
    ...[
      '_has:Group:member:type=person',
      '_has:Observation:patient:code=c1',
      '_has:Observation:focus:status=final',
      '_has:Patient:link:family=Brown',
    ],
  ],
  List: [
    'item:Observation.code=c1',
    'item:Patient.family=Brown',
    'item=Observation/o1',
    'patient=b',
    'item:Condition._id=c1',
  ],
  Encounter: [
    'diagnosis:Condition.code=c1',
    '_has:Observation:encounter:code=c1',
    '_has:Condition:encounter:patient=b',
    'patient=a',
  ],
  Provenance: ['target:Observation.code=c2', 'target:Patient.family=Brown', 'agent:Practitioner.family=Cole'],
  Practitioner: [
    '_has:Observation:performer:patient=b',
    '_has:Observation:performer:code=c1',
    '_not-referenced=Composition:author',
  ],
  Organization: [
    '_has:Patient:organization:family=Brown',
    '_has:Device:organization:patient=b',
    '_has:Coverage:payor:status=active',
  ],
  DocumentReference: ['related:Observation.code=c1', 'type=c1'],
  Composition: ['entry:Observation.status=final', 'entry:Condition.code=c1', 'title=knee'],
  Group: ['member=Patient/b', 'member:Patient.family=Brown'],
  ValueSet: ['url=http://sets/1'],
};
const criteria = (of: string) => fc.constantFrom(...(criteriaOf[of] ?? []), ...(criteriaOf.Resource ?? []));
const shape = fc.constantFrom(
  ...['_count=1', '_count=2', '_count=0', '_total=accurate', '_total=estimate', '_summary=count', '_summary=true'],
  ...[
    '_include=*',
    '_include=Observation:*',
    '_include=Observation:focus',
    '_include=Observation:has-member:Observation',
  ],
  ...[
    '_include:iterate=Observation:has-member',
    '_include=List:item',
    '_include=Condition:evidence-detail',
    '_include=Patient:link',
  ],
  ...['_revinclude=*:*', '_revinclude=Observation:focus', '_revinclude=Provenance:target', '_revinclude=Observation:*'],
  ...[
    '_revinclude:iterate=List:item:Observation',
    '_includesCount=1',
    '_sort=code',
    '_sort=-date',
    '_sort=_id',
    '_sort=_type,_lastUpdated',
  ],
  ...['_sort=-_lastUpdated', '_sort=subject', '_sort=focus', '_elements=code'],
);
const queryOf = (of: string) =>
  fc
    .tuple(fc.uniqueArray(criteria(of), { maxLength: 2 }), fc.uniqueArray(shape, { maxLength: 2, selector: nameOf }))
    .map(([asked, shaped]) => [...asked, ...shaped].map(encode).join('&'));
const typed = (of: fc.Arbitrary<string>, address: (of: string, query: string) => Asked) =>
  of.chain((each) => queryOf(each).map((query) => address(each, query)));
const query = queryOf('Resource');
const searched = fc.constantFrom(
  ...Object.keys(criteriaOf).filter((of) => of !== 'Resource'),
  'Observation',
  'Observation',
  'Patient',
);

function nameOf(pair: string): string {
  return pair.split('=')[0] ?? '';
}

function encode(pair: string): string {
  const [name = '', ...value] = pair.split('=');
  return `${encodeURIComponent(name)}=${encodeURIComponent(value.join('='))}`;
}

const range = fc.constantFrom(
  '',
  '?_count=1',
  '?_count=3',
  '?_count=0',
  '?_sort=_lastUpdated&_count=2',
  '?_summary=count',
);
const search = fc.oneof(
  { weight: 6, arbitrary: typed(searched, (of, asked) => get(`/${of}?${asked}`)) },
  typed(type, (of, asked) => get(`/${of}?${asked}`)),
  query.map((asked) => get(`?${asked}`)),
  query.map((asked) => get(`?_type=Observation,Condition,Practitioner&${asked}`)),
  typed(searched, (of, asked) => get(`/Patient/b/${of}?${asked}`)),
  typed(searched, (of, asked) => get(`/Patient/a/${of}?${asked}`)),
  fc.tuple(any('Encounter'), query).map(([of, asked]) => get(`/${of}/*?${asked}`)),
  typed(searched, (of, body): Asked => {
    return {
      method: 'POST',
      path: `/${of}/_search`,
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  }),
);
const history = fc.oneof(
  fc.tuple(key, range).map(([of, asked]) => get(`/${of}/_history${asked}`)),
  fc.tuple(type, range).map(([of, asked]) => get(`/${of}/_history${asked}`)),
  range.map((asked) => get(`/_history${asked}`)),
);
const read = fc.oneof(
  key.map((of) => get(`/${of}`)),
  fc.tuple(key, fc.integer({ min: 1, max: 4 })).map(([of, version]) => get(`/${of}/_history/${version}`)),
);
const operation = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom('', '?_count=2', '?start=2020-01-02', '?_type=Observation,Device'),
    )
    .map(([id, asked]) => get(`/Patient/${id}/$everything${asked}`)),
  fc.constantFrom('a', 'b').map((id) => get(`/Observation/$lastn?patient=${id}&code=c1,c2,c3&max=2`)),
  fc.constantFrom('a', 'b').map((id) => get(`/DocumentReference/$docref?patient=${id}`)),
  any('Composition').map((of) => get(`/${of}/$document`)),
  fc.constantFrom('a', 'b').map((id): Asked => {
    const parameter = [
      {
        name: 'MemberPatient',
        resource: { resourceType: 'Patient', name: [{ family: id === 'a' ? 'Adams' : 'Brown' }] },
      },
      {
        name: 'OldCoverage',
        resource: {
          resourceType: 'Coverage',
          status: 'active',
          beneficiary: { display: 'x' },
          payor: [{ display: 'x' }],
        },
      },
    ];
    return { method: 'POST', path: '/Patient/$member-match', body: { resourceType: 'Parameters', parameter } };
  }),
  number.map((n) => get(`/ValueSet/$expand?url=http://sets/${n}`)),
  number.map((n) => get(`/ValueSet/$expand?url=http://sets/all${n}`)),
  number.map((n) => get(`/ValueSet/valueset${n}/$expand`)),
  number.map((n) => get(`/CodeSystem/$lookup?system=http://codes&code=c${n}`)),
  fc.constant(get('/ValueSet/$validate-code?url=http://sets/1&system=http://codes&code=c1')),
  key.map((of) => get(`/${of}/$validate`)),
  key.map((of) => get(`/${of}/$reindex`)),
  fc.constant(get('/Subscription/$status')),
);

const owner = fc.constantFrom('a', 'b');
const code = fc.constantFrom('c1', 'c2', 'c3');
const observation = fc
  .tuple(
    owner,
    code,
    key,
    fc.constantFrom('Patient?identifier=same', 'Patient?family=Brown', 'Patient/b', 'Practitioner/p1'),
  )
  .map(([of, is, focus, performer]) => ({
    resourceType: 'Observation',
    identifier: [{ system: 'http://ids', value: 'new' }],
    status: 'final',
    code: { coding: [{ system: 'http://codes', code: is }] },
    subject: { reference: `Patient/${of}` },
    focus: [{ reference: focus }],
    performer: [{ reference: performer }],
  }));
const chosen = fc.constantFrom(
  'identifier=http://ids|i1',
  'identifier=http://ids|i2',
  'identifier=new',
  'code=c1',
  'patient=b',
  'patient.name=Brown',
  'focus:Patient._id=b',
  '_id=o1',
);
const write = fc.oneof(
  observation.map((body): Asked => ({ method: 'POST', path: '/Observation', body })),
  fc
    .tuple(observation, chosen)
    .map(([body, by]): Asked => ({ method: 'POST', path: '/Observation', body, headers: { 'If-None-Exist': by } })),
  fc
    .tuple(observation, number)
    .map(([body, n]): Asked => ({ method: 'PUT', path: `/Observation/o${n}`, body: { ...body, id: `o${n}` } })),
  fc.tuple(observation, number, number).map(([body, n, version]): Asked => {
    return {
      method: 'PUT',
      path: `/Observation/o${n}`,
      body: { ...body, id: `o${n}` },
      headers: { 'If-Match': `W/"${version}"` },
    };
  }),
  fc.tuple(observation, chosen, fc.option(number)).map(([body, by, n]): Asked => {
    return { method: 'PUT', path: `/Observation?${by}`, body: n === null ? body : { ...body, id: `o${n}` } };
  }),
  fc.tuple(number, fc.constantFrom('status', 'subject')).map(([n, what]): Asked => {
    const value = what === 'status' ? 'amended' : { reference: 'Patient/b' };
    return patch(`/Observation/o${n}`, [{ op: 'replace', path: `/${what}`, value }]);
  }),
  chosen.map((by) => patch(`/Observation?${by}`, [{ op: 'replace', path: '/status', value: 'amended' }])),
  key.map((of): Asked => ({ method: 'DELETE', path: `/${of}` })),
  key.map((of): Asked => ({ method: 'DELETE', path: `/${of}?_hardDelete=true` })),
  fc
    .tuple(
      chosen,
      fc.constantFrom(
        '',
        '&_count=10',
        '&_count=10&_include=Observation:focus',
        '&_count=9&_revinclude=Observation:focus',
      ),
    )
    .map(([by, more]): Asked => {
      return { method: 'DELETE', path: `/Observation?${by}${more}` };
    }),
  fc.constant<Asked>({
    method: 'POST',
    path: '/Subscription',
    body: {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'Observation?',
      channel: { type: 'rest-hook', endpoint: 'https://x.example' },
    },
  }),
);

function patch(path: string, body: unknown): Asked {
  return {
    method: 'PATCH',
    path,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json-patch+json' },
  };
}

function any(of: string): fc.Arbitrary<string> {
  return number.map((n) => `${of}/${idOf(of, n)}`);
}

function bundle(kind: 'batch' | 'transaction', entries: readonly Asked[]): Asked {
  const entry = entries.map(({ method, path, body, headers = {} }) => ({
    request: {
      method,
      url: path.slice(1) || '?',
      ...(headers['If-None-Exist'] && { ifNoneExist: headers['If-None-Exist'] }),
      ...(headers['If-Match'] && { ifMatch: headers['If-Match'] }),
    },
    ...(typeof body === 'object' && { resource: body }),
  }));
  return { method: 'POST', path: '', body: { resourceType: 'Bundle', type: kind, entry } };
}

const single = fc.oneof(
  { weight: 6, arbitrary: search },
  { weight: 2, arbitrary: read },
  { weight: 2, arbitrary: history },
  { weight: 2, arbitrary: operation },
  { weight: 3, arbitrary: write },
);
const bundled = fc
  .tuple(
    fc.constantFrom('batch', 'transaction'),
    fc.array(fc.oneof(search, read, history, operation, write), { minLength: 1, maxLength: 4 }),
  )
  .map(([kind, entries]) =>
    bundle(
      kind,
      entries.filter(({ method }) => method !== 'PATCH'),
    ),
  );

export const requests = fc.array(fc.oneof({ weight: 9, arbitrary: single }, { weight: 2, arbitrary: bundled }), {
  minLength: 100,
  maxLength: 140,
});
