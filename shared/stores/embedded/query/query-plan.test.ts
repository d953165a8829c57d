import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Include, Query, SortKey } from '../../resources/query.ts';
import type { Cursor, IncludeOptions } from '../../resources/resource-store.ts';
import { Names } from '../names.ts';
import { Statements } from '../read/statements.ts';
import { TimeBudget } from '../read/time-budget.ts';
import { migrate } from '../schema.ts';
import { clinic } from '../testing/clinic.ts';
import {
  and,
  byFamily,
  canonical,
  code,
  hasObservation,
  LOINC,
  near,
  newestFirst,
  not,
  observations,
  ofPatient,
  oneOf,
  or,
  overlapping,
  patient,
  patients,
  starts,
  value,
} from '../testing/queries.ts';
import { GroupCommit } from '../write/group-commit.ts';
import { compileHistory, compileHistoryCount } from './history.ts';
import { compileInclude } from './include.ts';
import { compileCount, compileSearch } from './search.ts';
import { type Sql, sql } from './sql.ts';

const database = new DatabaseSync(':memory:');
let statements: Statements;
const count = (statement: Sql) => statements.number(statement);

/** How SQLite goes about a statement, one line a step. */
function steps(statement: Sql): string[] {
  return statements
    .rows({ text: `EXPLAIN QUERY PLAN ${statement.text}`, parameters: statement.parameters })
    .map(({ detail }) => String(detail));
}

function searched(query: Query, after?: Cursor): string[] {
  return compileSearch(query, 11, after, count).statements.flatMap(steps);
}

function nextPage({ sort: [key] }: Query): Cursor {
  if (key?.by !== 'param') return [1];
  return [key.of === 'date' ? 5 : 'm', 1];
}

/** `SCAN p` and `SCAN matched` read what the statement itself has found, `SCAN v` and `SCAN json_each` its own list. */
const wholeTable = /^SCAN (?!p$|\(subquery|matched$|v |v$|json_each|m |text_index VIRTUAL)/;
const sorting = /^USE TEMP B-TREE/;

beforeAll(() => {
  migrate(database);
  database.prepare('INSERT INTO store VALUES (1, 0, ?)').run(new Uint8Array(32));
  const group = new GroupCommit(database);
  for (const changes of clinic(200, 20)) {
    group.add({ changes, guards: [], answer: (outcome) => expect(outcome).toMatchObject({ done: true }) });
  }
  group.flush();
  new TimeBudget(database);
  statements = new Statements(database, new Names(database));
});

const name = starts('Patient.name', 'mul');
const mrn = value('Patient.identifier', { kind: 'token', system: 'http://hospital.example/mrn', code: 'mrn-7' });
const male = value('Patient.gender', { kind: 'token', code: 'male' });
const common = code('8867-4');
const rare = code('2339-0');
const knee = { kind: 'text', in: 'content', phrase: 'knee' } as const;
const subject = (id: string) => value('Observation.subject', { kind: 'reference', base: null, type: 'Patient', id });
const day = overlapping(Date.UTC(2020, 5, 1), Date.UTC(2020, 5, 2) - 1);

describe('a search that is answered in the order of positions neither reads a table nor sorts', () => {
  const streamed: [search: string, query: Query, by: RegExp][] = [
    ['all of a type', patients(), /resource AS d0|d0 USING COVERING INDEX live_resource_by_type/],
    ['newest of a type', patients(undefined, { by: 'updated', descending: true }), /live_resource_by_type/],
    ['of two types', { types: ['Patient', 'Organization'], where: undefined, sort: [] }, /live_resource_by_type/],
    ['identifier', patients(mrn), /d0 USING PRIMARY KEY \(param=\? AND code=\?/],
    ['common code', observations(common), /d0 USING PRIMARY KEY \(param=\? AND code=\?/],
    ['either of two codes', observations(or(common, rare)), /d0 USING PRIMARY KEY \(param=\? AND code=\?/],
    ['patient', observations(patient('p7')), /d0 USING PRIMARY KEY \(param=\? AND id=\?/],
    ['patient and common code', observations(and(common, patient('p7'))), /d0 USING PRIMARY KEY \(param=\? AND id=\?/],
    ['gender and identifier', patients(and(male, mrn)), /d0 USING PRIMARY KEY \(param=\? AND code=\?/],
    ['not a code', observations(not(common)), /live_resource_by_type/],
    ['not in a value set', observations(not(oneOf('a', '2339-0'))), /live_resource_by_type/],
    [
      'not referenced',
      patients(not({ kind: 'referenced', by: ['Observation.patient', 'Observation.subject'] })),
      /f0 USING PRIMARY KEY \(param=\? AND id=\?/,
    ],
    ['missing', patients(not({ kind: 'present', param: 'Patient.deceased', of: 'token' })), /live_resource_by_type/],
    [
      'changed since',
      patients({ kind: 'updated', range: { join: 'every', bounds: [{ end: 'high', is: '>=', value: 5 }] } }),
      /live_resource_by_type \(type=\? AND rowid>\?\)/,
    ],
    ['everything by family', patients(undefined, byFamily), /d0 USING PRIMARY KEY \(param=\?/],
    ['everything, newest date first', observations(undefined, newestFirst), /d0 USING PRIMARY KEY \(param=\?/],
    ['a word', { types: undefined, where: knee, sort: [] }, /SCAN text_index VIRTUAL TABLE INDEX/],
    ['a word of a type', patients(knee), /SCAN text_index VIRTUAL TABLE INDEX/],
    [
      'a word, newest first',
      patients(knee, { by: 'updated', descending: true }),
      /SCAN text_index VIRTUAL TABLE INDEX \d+:r?M/,
    ],
    [
      'code-value-quantity',
      observations({
        kind: 'composite',
        param: 'Observation.code-value-quantity',
        parts: [
          { kind: 'token', system: LOINC, code: '2339-0' },
          { kind: 'quantity', range: { join: 'every', bounds: [{ end: 'low', is: '>', value: 100 }] } },
        ],
      }),
      /d0 USING PRIMARY KEY \(param=\? AND code=\?/,
    ],
  ];

  it.each(streamed)('%s', (_, query, by) => {
    for (const plan of [searched(query), searched(query, nextPage(query))]) {
      expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
      expect(plan.filter((step) => sorting.test(step))).toEqual([]);
      expect(plan.join('\n')).toMatch(by);
    }
  });

  it('its next page begins in the index where the last one ended', () => {
    const [statement] = compileSearch(observations(common), 11, [1], count).statements;
    expect(statement && steps(statement)[0]).toBe('SEARCH d0 USING PRIMARY KEY (param=? AND code=? AND position>?)');
    const [sorted] = compileSearch(observations(undefined, newestFirst), 11, [5, 6], count).statements;
    expect(sorted && steps(sorted)[0]).toBe('SEARCH d0 USING PRIMARY KEY (param=? AND (low,position)<(?,?))');
  });

  it('every other condition is looked up by position', () => {
    const plan = searched(observations(and(patient('p7'), common, day)));
    expect(plan.join('\n')).toMatch(
      /i EXISTS USING COVERING INDEX token_by_position \(position=\? AND param=\? AND code=\?/,
    );
    expect(plan.filter((step) => step.includes('date_by_position'))).toHaveLength(1);
  });
});

describe('a search that needs sorting sorts what an index has found', () => {
  const collected: [search: string, query: Query, by: RegExp][] = [
    ['name', patients(name), /d0 USING PRIMARY KEY \(param=\? AND folded>\? AND folded<\?/],
    ['day', observations(day), /d0 USING PRIMARY KEY \(param=\? AND low>\? AND low<\?/],
    ['day: periods that are wide', observations(day), /d0 USING (COVERING )?INDEX wide_date \(param=\? AND low<\?/],
    [
      'value',
      observations(
        value('Observation.value-quantity', {
          kind: 'quantity',
          range: {
            join: 'every',
            bounds: [
              { end: 'low', is: '>=', value: 60 },
              { end: 'high', is: '<=', value: 60.5 },
            ],
          },
        }),
      ),
      /d0 USING PRIMARY KEY \(param=\? AND low>\? AND low<\?/,
    ],
    [
      'twelve codes',
      observations(or(...Array.from({ length: 12 }, (_, at) => code(`x${at}`)))),
      /d0 USING PRIMARY KEY \(param=\? AND code=\?/,
    ],
    ['in a value set', observations(oneOf('x', '2339-0')), /d0 USING PRIMARY KEY \(param=\? AND code=\?/],
    [
      'in a large value set, of a patient: the set is read by position',
      observations(and(oneOf(...Array.from({ length: 5000 }, (_, at) => `x${at}`)), patient('p7'))),
      /i (EXISTS )?USING COVERING INDEX token_by_position \(position=\? AND param=\?/,
    ],
    [
      'value in base units',
      observations(canonical('s-1', 0.99, 1.01)),
      /d0 USING PRIMARY KEY \(param=\? AND unit=\? AND low>\? AND low<\?/,
    ],
    [
      'value in base units: ranges',
      observations(canonical('s-1', 0.99, 1.01)),
      /d0 USING (COVERING )?INDEX wide_canonical_quantity \(param=\? AND unit=\?/,
    ],
    ['near', { types: ['Location'], where: near, sort: [] }, /d0 USING PRIMARY KEY \(param=\? AND z>\? AND z<\?/],
    [
      'present',
      patients({ kind: 'present', param: 'Patient.deceased', of: 'token' }),
      /d0 USING PRIMARY KEY \(param=\?/,
    ],
    ['id', patients({ kind: 'id', ids: ['p1', 'p2'] }), /d0 USING INDEX resource_by_id \(id=\? AND type=\?/],
    ['patient, newest first', observations(patient('p7'), newestFirst), /d0 USING PRIMARY KEY \(param=\? AND id=\?/],
    [
      'rare code, newest first',
      observations(rare, newestFirst),
      /k USING COVERING INDEX date_by_position \(position=\? AND param=\?/,
    ],
    [
      'name of the patient',
      observations(ofPatient(starts('Patient.name', 'given7'))),
      /d1 USING PRIMARY KEY \(param=\? AND folded>\? AND folded<\?/,
    ],
    [
      'name of the patient: the references to them',
      observations(ofPatient(starts('Patient.name', 'given7'))),
      /d0 USING PRIMARY KEY \(param=\? AND id=\?/,
    ],
    [
      'has an observation',
      patients(hasObservation(code('2339-0'))),
      /f0 USING COVERING INDEX reference_by_position \(position=\? AND param=\?/,
    ],
  ];

  it.each(collected)('%s', (_, query, by) => {
    for (const plan of [searched(query), searched(query, nextPage(query))]) {
      expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
      expect(plan.join('\n')).toMatch(by);
    }
  });
});

describe('what drives a search', () => {
  const driver = (query: Query): string => searched(query)[0] ?? '';

  it('is the condition with fewer rows, not the one that usually is', () => {
    const withMany = value('Observation.encounter', { kind: 'reference', base: null, type: 'Encounter', id: 'e1' });
    const gendered = driver(patients(and(male, starts('Patient.name', 'given19'))));
    expect(gendered).toContain('folded>?');
    expect(driver(observations(and(withMany, common)))).toContain('id=?');
  });

  it('is a chain from its far end when that end is small, and the near end when it is not', () => {
    const near = and(ofPatient(starts('Patient.name', 'given7')), patient('p7'));
    expect(driver(observations(near))).toContain('SEARCH d0');
    expect(driver(observations(and(common, ofPatient(mrn))))).toContain('SEARCH d1');
  });

  it('is the type when no index helps', () => {
    expect(driver(observations(not(common)))).toContain('live_resource_by_type');
  });
});

describe('other statements', () => {
  it('counting reads the index alone', () => {
    const plan = steps(compileCount(observations(common), count));
    expect(plan.filter((step) => wholeTable.test(step) || sorting.test(step))).toEqual([]);
  });

  const observation = { type: 'Observation', id: 'b1' };
  const patient7 = { type: 'Patient', id: 'p7' };
  it.each<[what: string, options: IncludeOptions]>([
    ['the first page', {}],
    ['a further page', { after: [7] }],
    ['a round of an iteration', { besides: [patient7, observation] }],
  ])('including looks references up from the matches: %s', (_, options) => {
    const include: Include[] = [
      { kind: 'include', param: 'Observation.patient' },
      { kind: 'include', param: 'Observation.subject', types: ['Patient', 'Group'] },
      { kind: 'revinclude', source: 'Observation', param: 'Observation.patient' },
      { kind: 'revinclude', source: 'Observation', param: 'Observation.subject', types: ['Patient'] },
      { kind: 'revinclude', source: 'Provenance', param: 'Resource.target' },
    ];
    const plan = steps(compileInclude([observation, patient7], include, 11, options));
    expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
    expect(plan.join('\n')).toMatch(/f USING COVERING INDEX reference_by_position \(position=\? AND param=\?/);
    expect(plan.join('\n')).toMatch(/f USING PRIMARY KEY \(param=\? AND id=\?/);
  });

  const updated = { by: 'updated', descending: true } as const;
  const status: SortKey = { by: 'param', param: 'Observation.status', of: 'token', descending: false };
  it.each<[what: string, query: Query]>([
    ['id', observations(rare, { by: 'id', descending: true })],
    [
      'type and time',
      { types: ['Patient', 'Observation'], where: undefined, sort: [{ by: 'type', descending: true }, updated] },
    ],
    ['two parameters', observations(and(common, patient('p7')), status, newestFirst)],
    ['a parameter and time', observations(patient('p7'), status, updated)],
    [
      'a parameter of two types',
      {
        types: ['Observation', 'Encounter'],
        where: undefined,
        sort: [{ ...newestFirst, others: ['Encounter.date'] } as SortKey],
      },
    ],
    ['a code that many have, along the date', observations(common, newestFirst)],
    [
      'a number',
      observations(patient('p7'), {
        by: 'param',
        param: 'Observation.value-quantity',
        of: 'quantity',
        descending: true,
      }),
    ],
    [
      'a reference',
      observations(rare, { by: 'param', param: 'Observation.patient', of: 'reference', descending: false }),
    ],
  ])('sorting by %s reads no table', (_, query) => {
    expect(searched(query).filter((step) => wholeTable.test(step))).toEqual([]);
  });

  it('a count that stops somewhere reads no table', () => {
    for (const query of [patients(), observations(common), patients(not(male))]) {
      const plan = steps(compileCount(query, count, 10_000));
      expect(plan.filter((step) => wholeTable.test(step) || sorting.test(step))).toEqual([]);
    }
  });

  it('history at each level is read in order', () => {
    for (const level of [
      {},
      { type: 'Patient' },
      { type: 'Patient', id: 'p1' },
      { type: 'Patient', since: 1, before: 9e12 },
    ]) {
      const plan = steps(compileHistory({ ...level, oldestFirst: false }, 11, [9e15], count));
      expect(plan.filter((step) => sorting.test(step) || /^SCAN/.test(step))).toEqual([]);
    }
  });

  it('history of the resources that meet a condition reads the versions of what an index finds', () => {
    const query = { within: or(patient('p7'), subject('p7')), oldestFirst: false };
    for (const statement of [compileHistory(query, 11, [9e15], count), compileHistoryCount(query, count)]) {
      const plan = steps(statement);
      expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
      expect(plan.join('\n')).toMatch(/v USING (COVERING )?INDEX version_by_id \(type=\? AND id=\?\)/);
    }
  });

  it('a read by id is two look-ups', () => {
    const plan = steps(
      sql`SELECT v.body FROM version AS v WHERE v.position = (SELECT position FROM resource WHERE id = ${'p1'} AND type = ${1})`,
    );
    expect(plan).toEqual([
      'SEARCH v USING INTEGER PRIMARY KEY (rowid=?)',
      'SCALAR SUBQUERY 1',
      'SEARCH resource USING COVERING INDEX resource_by_id (id=? AND type=?)',
    ]);
  });
});
