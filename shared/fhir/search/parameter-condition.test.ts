/** What one parameter with its values becomes, as plain data. */
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../stores/resources/query.ts';
import { base, now, where } from './testing/parsed-address.ts';
import { and, date, every, ms, not, or, reference, some, starts, token, value } from './testing/tree.ts';

const uri = (match: string, of: string) => value('Resource._profile', { kind: 'uri', match, uri: of });
const birthdate = (range: object) => date('Patient.birthdate', range);
const probability = (range: object) => value('RiskAssessment.probability', { kind: 'number', range });
const quantity = (test: object) => value('Observation.value-quantity', { kind: 'quantity', ...test });

const [yearLow, yearHigh] = [ms('2020-01-01T00:00:00.000Z'), ms('2020-12-31T23:59:59.999Z')];
const margin = Math.round((now - yearHigh) / 10);

const conditions: [address: string, where: Condition][] = [
  // string
  ['Patient?name=Jo', starts('Patient.name', 'jo')],
  ['Patient?name=%20J%C3%96%20%20o%20', starts('Patient.name', 'jo o')],
  ['Patient?name:contains=Jo', value('Patient.name', { kind: 'string', match: 'contains', folded: 'jo' })],
  ['Patient?name:exact=Jo', value('Patient.name', { kind: 'string', match: 'exact', exact: 'Jo' })],
  ['Patient?name=a,B', or(starts('Patient.name', 'a'), starts('Patient.name', 'b'))],
  ['Patient?name=a,,', starts('Patient.name', 'a')],
  ['Patient?name=a%5C,b', starts('Patient.name', 'a,b')],
  ['Patient?name=a%5C%5C,b', or(starts('Patient.name', 'a\\'), starts('Patient.name', 'b'))],
  ['Patient?name=a%5Cb%5C', starts('Patient.name', 'a\\b\\')],
  ['Patient?name=eq5', starts('Patient.name', 'eq5')],
  ['Patient?name=a&name=b', and(starts('Patient.name', 'a'), starts('Patient.name', 'b'))],
  ['Patient?name=a&name=a', starts('Patient.name', 'a')],
  ["Patient?name='%20OR%201=1;--", starts('Patient.name', "' or 1=1;--")],
  ['Patient?name:missing=true', not({ kind: 'present', param: 'Patient.name', of: 'string' })],
  ['Patient?name:missing=false', { kind: 'present', param: 'Patient.name', of: 'string' }],
  // token
  ['Patient?gender=male', token('Patient.gender', { code: 'male' })],
  ['Patient?identifier=s|v', token('Patient.identifier', { system: 's', code: 'v' })],
  ['Patient?identifier=|v', token('Patient.identifier', { system: null, code: 'v' })],
  ['Patient?identifier=s|', token('Patient.identifier', { system: 's' })],
  ['Patient?identifier=s%5C||v%5C|w', token('Patient.identifier', { system: 's|', code: 'v|w' })],
  ['Patient?gender:not=male', not(token('Patient.gender', { code: 'male' }))],
  ['Patient?gender:not=a,b', not(or(token('Patient.gender', { code: 'a' }), token('Patient.gender', { code: 'b' })))],
  ['Observation?code:text=Héart', token('Observation.code', { text: 'heart' })],
  ['Patient?active=true', token('Patient.active', { code: 'true' })],
  ['Patient?_tag=s|c', token('Resource._tag', { system: 's', code: 'c' })],
  ['Patient?_security:not=c', not(token('Resource._security', { code: 'c' }))],
  ['Patient?identifier:of-type=s|MR|v', token('Patient.identifier:of-type', { system: 's', code: 'MR|v' })],
  ['Patient?identifier:of-type=|MR|v', token('Patient.identifier:of-type', { system: null, code: 'MR|v' })],
  ['Patient?identifier:of-type=s|a%5C|b|v', token('Patient.identifier:of-type', { system: 's', code: 'a\\|b|v' })],
  // date
  ['Patient?birthdate=2020', birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow]))],
  ['Patient?birthdate=eq2020', birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow]))],
  ['Patient?birthdate=ne2020', birthdate(some(['low', '<', yearLow], ['high', '>', yearHigh]))],
  ['Patient?birthdate=gt2020', birthdate(every(['high', '>', yearHigh]))],
  ['Patient?birthdate=lt2020', birthdate(every(['low', '<', yearLow]))],
  ['Patient?birthdate=ge2020', birthdate(every(['high', '>=', yearLow]))],
  ['Patient?birthdate=le2020', birthdate(every(['low', '<=', yearHigh]))],
  ['Patient?birthdate=sa2020', birthdate(every(['low', '>', yearHigh]))],
  ['Patient?birthdate=eb2020', birthdate(every(['high', '<', yearLow]))],
  ['Patient?birthdate=ap2020', birthdate(every(['low', '<=', yearHigh + margin], ['high', '>=', yearLow - margin]))],
  [
    'Patient?birthdate=ge2020-02-29T10:00%2B02:00&birthdate=lt2021',
    and(
      birthdate(every(['high', '>=', ms('2020-02-29T08:00:00Z')])),
      birthdate(every(['low', '<', ms('2021-01-01T00:00:00Z')])),
    ),
  ],
  [
    'Patient?birthdate=2020,2020',
    or(
      birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow])),
      birthdate(every(['low', '<=', yearHigh], ['high', '>=', yearLow])),
    ),
  ],
  // number
  ['RiskAssessment?probability=100', probability(every(['low', '<=', 100.5], ['high', '>=', 99.5]))],
  ['RiskAssessment?probability=0.50', probability(every(['low', '<=', 0.505], ['high', '>=', 0.495]))],
  ['RiskAssessment?probability=-1e-2', probability(every(['low', '<=', -0.005], ['high', '>=', -0.015]))],
  ['RiskAssessment?probability=ne1.0', probability(some(['low', '<', 0.95], ['high', '>', 1.05]))],
  ['RiskAssessment?probability=gt1.0', probability(every(['high', '>', 1]))],
  ['RiskAssessment?probability=sa1.0', probability(every(['high', '>', 1]))],
  ['RiskAssessment?probability=lt1.0', probability(every(['low', '<', 1]))],
  ['RiskAssessment?probability=eb1.0', probability(every(['low', '<', 1]))],
  ['RiskAssessment?probability=ge1.0', probability(every(['high', '>=', 1]))],
  ['RiskAssessment?probability=le1.0', probability(every(['low', '<=', 1]))],
  ['RiskAssessment?probability=ap100', probability(every(['low', '<=', 110.5], ['high', '>=', 89.5]))],
  // quantity
  ['Observation?value-quantity=5.4', quantity({ range: every(['low', '<=', 5.45], ['high', '>=', 5.35]) })],
  ['Observation?value-quantity=gt5|u|mg', quantity({ system: 'u', code: 'mg', range: every(['high', '>', 5]) })],
  ['Observation?value-quantity=gt5||mg', quantity({ code: 'mg', range: every(['high', '>', 5]) })],
  ['Observation?value-quantity=gt5|u|', quantity({ system: 'u', range: every(['high', '>', 5]) })],
  [
    'Observation?value-quantity=gt5|http://unitsofmeasure.org|mg',
    value('Observation.value-quantity', {
      kind: 'canonical-quantity',
      unit: 'g',
      range: every(['high', '>', 0.005]),
    }),
  ],
  [
    'Observation?value-quantity=100|http://unitsofmeasure.org|[degF]',
    value('Observation.value-quantity', {
      kind: 'canonical-quantity',
      unit: 'K',
      range: every(['low', '<=', 311.205555556], ['high', '>=', 310.65]),
    }),
  ],
  [
    'Observation?value-quantity=gt5|http://unitsofmeasure.org|pinch',
    quantity({ system: 'http://unitsofmeasure.org', code: 'pinch', range: every(['high', '>', 5]) }),
  ],
  // uri
  ['Patient?_profile=http://a/B', uri('exact', 'http://a/B')],
  ['Patient?_profile:above=http://a/b', uri('above', 'http://a/b')],
  ['Patient?_profile:below=http://a', uri('below', 'http://a')],
  ['Patient?_profile:below=urn:a', { kind: 'nothing' }],
  ['Patient?_source=urn:a', value('Resource._source', { kind: 'uri', match: 'exact', uri: 'urn:a' })],
  // reference
  ['Observation?subject=1', reference('Observation.subject', { id: '1' })],
  ['Observation?subject=Patient/1', reference('Observation.subject', { type: 'Patient', id: '1' })],
  ['Observation?subject:Patient=1', reference('Observation.subject', { type: 'Patient', id: '1' })],
  ['Observation?subject:Patient=Patient/1', reference('Observation.subject', { type: 'Patient', id: '1' })],
  [`Observation?subject=${base}/Patient/1`, reference('Observation.subject', { base: null, type: 'Patient', id: '1' })],
  [
    'Observation?subject=https://other/fhir/Patient/1',
    reference('Observation.subject', { base: 'https://other/fhir', type: 'Patient', id: '1' }),
  ],
  ['Observation?subject=patient/1', reference('Observation.subject', { id: 'patient/1' })],
  [
    'Observation?subject=a,Group/b',
    or(reference('Observation.subject', { id: 'a' }), reference('Observation.subject', { type: 'Group', id: 'b' })),
  ],
  ['Observation?subject:identifier=s|v', token('Observation.subject:identifier', { system: 's', code: 'v' })],
  [
    'Observation?subject:identifier=a,b',
    or(token('Observation.subject:identifier', { code: 'a' }), token('Observation.subject:identifier', { code: 'b' })),
  ],
  // composite
  [
    'Observation?code-value-quantity:missing=true',
    not({ kind: 'present', param: 'Observation.code-value-quantity', of: 'composite' }),
  ],
  [
    'Observation?code-value-quantity=s|c$gt5||mg',
    {
      kind: 'composite',
      param: 'Observation.code-value-quantity',
      parts: [
        { kind: 'token', system: 's', code: 'c' },
        { kind: 'quantity', code: 'mg', range: every(['high', '>', 5]) },
      ],
    } as Condition,
  ],
  [
    'Observation?code-value-string=a%5C$b$X,c$Y',
    or(
      {
        kind: 'composite',
        param: 'Observation.code-value-string',
        parts: [
          { kind: 'token', code: 'a$b' },
          { kind: 'string', match: 'starts', folded: 'x' },
        ],
      },
      {
        kind: 'composite',
        param: 'Observation.code-value-string',
        parts: [
          { kind: 'token', code: 'c' },
          { kind: 'string', match: 'starts', folded: 'y' },
        ],
      },
    ),
  ],
  // special
  ['Location?near:missing=true', not({ kind: 'present', param: 'Location.near', of: 'point' })],
  // columns
  ['Patient?_id:not=a,b', not({ kind: 'id', ids: ['a', 'b'] })],
  ['Patient?_not-referenced=Basic:subject', not({ kind: 'referenced', by: ['Basic.subject'] })],
  ['Patient?_id=a,b', { kind: 'id', ids: ['a', 'b'] }],
  ['Patient?_id:missing=true', { kind: 'nothing' }],
  ['Patient?_lastUpdated:missing=false', { kind: 'and', of: [] }],
  ['Patient?_lastUpdated=gt2020', { kind: 'updated', range: every(['high', '>', yearHigh]) } as Condition],
  ['Patient?_type=Patient,Group', { kind: 'type', types: ['Patient', 'Group'] }],
  ['Patient?_type:not=Group', not({ kind: 'type', types: ['Group'] })],
];

describe('a pair becomes a condition', () => {
  it.each(conditions)('%s', (address, expected) => {
    expect(where(address)).toEqual(expected);
  });
});
