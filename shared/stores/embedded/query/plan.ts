/** From a condition to `FROM` and `WHERE`: one conjunct drives, the others are tested on what it finds. */
import type { Condition } from '../../resources/query.ts';
import { byComposite, byId, byPresence, byValues, MOST_BRANCHES } from './access.ts';
import { holds } from './condition.ts';
import { type Access, type CountRows, choose, countOf, type Rows, rank } from './rows.ts';
import { all, join, names, never, raw, type Sql, sql } from './sql.ts';
import { byText } from './text.ts';
import { type Gathered, gather } from './values.ts';
import { withinBudget } from './within-budget.ts';

/** Guess: a resource is referred to by so many, and refers by one parameter to so many. */
const REFERRING = 8;
const REFERRED = 1;

/** Parameters that the tests of all branches may have together; SQLite takes 32,766 in a statement. */
const MOST_REPEATED = 2000;

export interface Plan {
  readonly branches: readonly Rows[];
  /** No index narrows it: every resource of the types is tested. */
  readonly everything: boolean;
  /** Not even a type does. */
  readonly unbounded: boolean;
  readonly rank: number;
  readonly ordered: boolean;
  /** How many rows it takes about, counted up to `most`. */
  readonly rows: (most: number) => number;
}

/** `inOrder`: results are wanted in the order of positions, page by page. */
export function plan(condition: Gathered | Condition, depth: number, inOrder: boolean, count: CountRows): Plan {
  const row = raw(`d${depth}`);
  const { types, others } = conjuncts(condition);
  if (types?.length === 0 || others.some((other) => other.kind === 'nothing')) return nothing(row);
  const accesses = others.map((other) => accessOf(other, depth, count));
  const chosen = choose(accesses, inOrder);
  const tests = others
    .filter((_, at) => chosen === undefined || accesses[at] !== chosen)
    .map((other) => holds(other, sql`${row}.position`, depth));
  if (types !== undefined && chosen !== undefined && !others.some((other) => impliesType(other, types))) {
    tests.unshift(
      chosen.onResource && chosen.branches.length === 1
        ? sql`${row}.type IN ${names(types)}`
        : holds({ kind: 'type', types }, sql`${row}.position`, depth),
    );
  }
  return {
    branches: tested(chosen?.branches ?? resourcesOf(types, row), tests, depth),
    everything: chosen === undefined,
    unbounded: chosen === undefined && types === undefined,
    rank: chosen?.rank ?? rank.scan,
    ordered: chosen?.ordered ?? true,
    rows: chosen?.rows ?? (types === undefined ? (most) => most : countOf(resourcesOf(types, row), count)),
  };
}

/** Each branch tests what it finds, or, when that would repeat too much, the union of the branches does. */
function tested(branches: readonly Rows[], tests: readonly Sql[], depth: number): Rows[] {
  const repeated = branches.length * all(tests).parameters.length;
  if (branches.length === 1 || repeated <= MOST_REPEATED) {
    return branches.map(({ from, where }) => ({ from, where: [...where, ...tests] }));
  }
  return [{ from: sql`(${positions(branches, depth)}) AS ${raw(`d${depth}`)}`, where: tests }];
}

function nothing(row: Sql): Plan {
  const branches = [{ from: sql`resource AS ${row}`, where: [never] }];
  return { branches, everything: false, unbounded: false, rank: rank.id, ordered: true, rows: () => 0 };
}

/** Tests of a row that something else found: all of the condition. `param`: whose value found it. */
export function testsOn(condition: Condition, row: Sql, depth: number, param: string): Sql[] {
  const { types, others } = conjuncts(condition);
  const tests = others.map((other) => holds(other, sql`${row}.position`, depth));
  if (types === undefined || types.includes(typeOf(param))) return tests;
  return [holds({ kind: 'type', types }, sql`${row}.position`, depth), ...tests];
}

/** `SELECT` of the positions found, each once when there are several branches. */
export function positions(branches: readonly Rows[], depth: number, more: readonly Sql[] = []): Sql {
  const selects = branches.map(
    ({ from, where }) =>
      sql`SELECT ${raw(branches.length === 1 ? 'DISTINCT ' : '')}d${raw(String(depth))}.position AS position FROM ${from} WHERE ${all([...where, ...more])}`,
  );
  return join(selects, ' UNION ');
}

function conjuncts(condition: Gathered | Condition): { types: readonly string[] | undefined; others: Gathered[] } {
  let types: readonly string[] | undefined;
  const others: Gathered[] = [];
  const pending: (Gathered | Condition)[] = [condition];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'and') pending.push(...next.of.toReversed());
    else if (next.kind === 'value') others.push({ kind: 'values', params: [next.param], tests: [next.test] });
    else if (next.kind === 'type') {
      const { types: wanted } = next;
      types = types === undefined ? [...new Set(wanted)] : types.filter((type) => wanted.includes(type));
    } else others.push(next);
  }
  return { types, others };
}

/** A value of `Patient.family` is a Patient's. */
function impliesType(condition: Gathered | Condition, types: readonly string[]): boolean {
  switch (condition.kind) {
    case 'values':
      return condition.params.every((param) => types.includes(typeOf(param)));
    case 'value':
    case 'present':
    case 'composite':
    case 'chain':
      return types.includes(typeOf(condition.param));
    case 'and':
      return condition.of.some((member) => impliesType(member, types));
    case 'or':
      return condition.of.every((member) => impliesType(member, types));
    default:
      return false;
  }
}

function typeOf(param: string): string {
  return param.slice(0, param.indexOf('.'));
}

function resourcesOf(types: readonly string[] | undefined, row: Sql): Rows[] {
  const from = sql`resource AS ${row}`;
  const tests = [withinBudget(row), sql`${row}.deleted = 0`];
  if (types === undefined) return [{ from, where: tests }];
  if (types.length > MOST_BRANCHES) return [{ from, where: [...tests, sql`${row}.type IN ${names(types)}`] }];
  return types.map((type) => ({ from, where: [...tests, sql`${row}.type = ${{ name: type }}`] }));
}

function accessOf(condition: Gathered, depth: number, count: CountRows): Access | undefined {
  const row = raw(`d${depth}`);
  switch (condition.kind) {
    case 'id':
      return byId(condition, row);
    case 'values':
      return byValues(condition, row, count);
    case 'present':
      return byPresence(condition, row, count);
    case 'composite':
      return byComposite(condition, row, count);
    case 'text':
      return byText(condition, row, count);
    case 'chain':
      return byTargets(condition, depth, count);
    case 'referenced-by':
      return bySources(condition, depth, count);
    case 'or':
      return byMembers(gather(condition.of), depth, count);
    default:
      return undefined;
  }
}

/** A chain from its end: the targets first, then the references to them. */
function byTargets(condition: Condition & { readonly kind: 'chain' }, depth: number, count: CountRows) {
  const where: Condition = { kind: 'and', of: [{ kind: 'type', types: condition.types }, condition.where] };
  return linked(plan(where, depth + 1, false, count), depth, REFERRING, false, (found) => {
    const row = raw(`d${depth}`);
    const target = raw(`t${depth}`);
    return sql`${found} CROSS JOIN resource AS ${target} ON ${target}.position = d${raw(String(depth + 1))}.position CROSS JOIN reference_index AS ${row} ON ${row}.param = ${{ name: condition.param }} AND ${row}.id = ${target}.id AND ${row}.type = ${target}.type AND ${row}.base = 0`;
  });
}

/** The referring resources first, then what they refer to. */
function bySources(condition: Condition & { readonly kind: 'referenced-by' }, depth: number, count: CountRows) {
  const where: Condition = { kind: 'and', of: [{ kind: 'type', types: [condition.source] }, condition.where] };
  return linked(plan(where, depth + 1, false, count), depth, REFERRED, true, (found) => {
    const row = raw(`d${depth}`);
    const reference = raw(`f${depth}`);
    return sql`${found} CROSS JOIN reference_index AS ${reference} ON ${reference}.position = d${raw(String(depth + 1))}.position AND ${reference}.param = ${{ name: condition.param }} AND ${reference}.base = 0 CROSS JOIN resource AS ${row} ON ${row}.id = ${reference}.id AND ${row}.type = ${reference}.type AND ${row}.deleted = 0`;
  });
}

function linked(
  ends: Plan,
  depth: number,
  each: number,
  onResource: boolean,
  link: (found: Sql) => Sql,
): Access | undefined {
  if (ends.everything) return undefined;
  return {
    rank: rank.chain,
    ordered: false,
    branches: ends.branches.map(({ from, where }) => ({
      from: link(from),
      where: [withinBudget(raw(`d${depth}`)), ...where],
    })),
    rows: (most) => Math.min(ends.rows(most) * each, most),
    onResource,
  };
}

/** An `or` whose every member has an access of its own, or looks at whole types where others do. */
function byMembers(members: readonly Gathered[], depth: number, count: CountRows): Access | undefined {
  const [only] = members;
  if (members.length === 1 && only !== undefined) return accessOf(only, depth, count);
  if (members.length === 0) return undefined;
  const plans = members.map((member) => plan(member, depth, false, count));
  const branches = plans.flatMap((member) => member.branches);
  if (branches.length > MOST_BRANCHES || plans.some((member) => member.unbounded)) return undefined;
  if (plans.every((member) => member.everything)) return undefined;
  return {
    rank: Math.max(...plans.map((member) => member.rank)),
    ordered: plans.every((member) => member.ordered),
    branches,
    rows: (most) => Math.min(sum(plans.map((member) => member.rows(most))), most),
    onResource: false,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
