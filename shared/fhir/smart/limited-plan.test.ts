/** What the limits of a patient's app do to a search: its text, and how SQLite goes about it. */
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { smartLimits } from '../../access/smart/smart-limits.ts';
import { Names } from '../../stores/embedded/names.ts';
import { compileHistory } from '../../stores/embedded/query/history.ts';
import { compileInclude } from '../../stores/embedded/query/include.ts';
import { compileSearch } from '../../stores/embedded/query/search.ts';
import type { Sql } from '../../stores/embedded/query/sql.ts';
import { Statements } from '../../stores/embedded/read/statements.ts';
import { TimeBudget } from '../../stores/embedded/read/time-budget.ts';
import { migrate } from '../../stores/embedded/schema.ts';
import { clinic } from '../../stores/embedded/testing/clinic.ts';
import { GroupCommit } from '../../stores/embedded/write/group-commit.ts';
import type { Query } from '../../stores/resources/query.ts';
import type { ResourceStore } from '../../stores/resources/resource-store.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { parseSearch } from '../search/parse-search.ts';
import { LimitedStore } from './limited-store.ts';
import { ResourceLimits } from './resource-limits.ts';

const base = 'http://localhost/fhir';
const definitions = loadDefinitions();
const limits = new ResourceLimits(definitions, base, smartLimits({ scp: 'patient/*.rs', fhirUser: 'Patient/p7' }));
const store = new LimitedStore({ store: {} as ResourceStore, limits, definitions, entriesOf: () => [] });
const database = new DatabaseSync(':memory:');
let statements: Statements;
const count = (statement: Sql) => statements.number(statement);

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

/** The query of `Observation?code=a` under the limits. */
function limited(address: string): Query {
  const [type = '', query = ''] = address.split('?');
  const types = type === '' ? undefined : [type];
  const pairs = [...new URLSearchParams(query)];
  const asked = parseSearch({ definitions, types, pairs, base, strict: true, now: 0 });
  const found = store.limited(asked.query);
  if (!found) throw new Error('The limits leave nothing.');
  return found;
}

function steps(statement: Sql): string[] {
  return statements
    .rows({ text: `EXPLAIN QUERY PLAN ${statement.text}`, parameters: statement.parameters })
    .map(({ detail }) => String(detail));
}

const wholeTable = /^SCAN (?!p$|\(subquery|matched$|v |v$|json_each|m )/;
const byPatient = /^SEARCH d\d USING PRIMARY KEY \(param=\? AND id=\?/;

describe('a search within a patient’s limits', () => {
  it('has them in its text', () => {
    const shown = (sql: Sql) => sql.text.replace(/ (FROM|WHERE|CROSS JOIN|AND|OR|UNION|ORDER BY|LIMIT) /g, '\n$1 ');
    const texts = ['Observation?code=a', 'Observation?subject:Patient.name=a', 'Practitioner?name=a'].map((address) => {
      return compileSearch(limited(address), 11, undefined, () => 0)
        .statements.map(shown)
        .join('\n\n');
    });
    expect(texts.join('\n\n')).toMatchSnapshot();
  });

  it.each([
    'Observation',
    'Observation?code=8867-4',
    'Observation?code=8867-4&_sort=-date',
    'Observation?status:not=final',
    'Observation?subject:Patient.name=mul',
    'Condition?_has:Encounter:diagnosis:status=finished',
    'Observation?_not-referenced=Observation:has-member',
  ])('starts from what refers to the patient: %s', (address) => {
    const plan = compileSearch(limited(address), 11, undefined, count).statements.flatMap(steps);
    expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
    expect(plan.some((step) => byPatient.test(step))).toBe(true);
  });

  it('over all types it looks at the references to the patient and at whole types that nobody owns', () => {
    const plan = compileSearch(limited('?_lastUpdated=gt2000'), 11, undefined, count).statements.flatMap(steps);
    expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
    expect(plan.some((step) => byPatient.test(step))).toBe(true);
    expect(plan.some((step) => step.includes('live_resource_by_type (type=?'))).toBe(true);
  });

  it('a history reads the versions of what refers to the patient', () => {
    const { where: within } = limits.within(['Observation'], 'find');
    if (!within) throw new Error('There are limits.');
    const plan = steps(compileHistory({ type: 'Observation', within, oldestFirst: false }, 11, undefined, count));
    expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
    expect(plan.some((step) => byPatient.test(step))).toBe(true);
  });

  it('included resources are looked at by position, all parameters of the compartment at once', () => {
    const { where: within } = limits.within(undefined, 'find');
    const include = [{ kind: 'revinclude', source: 'Observation', param: 'Observation.subject' }] as const;
    const plan = steps(compileInclude([{ type: 'Patient', id: 'p7' }], include, 11, { within }));
    expect(plan.filter((step) => wholeTable.test(step))).toEqual([]);
    expect(plan.filter((step) => step.includes('reference_by_position')).length).toBeLessThan(5);
  });
});
