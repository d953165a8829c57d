/** Steps as functions from values to values. Made once for a mapping, run for each event. */

import { kindOf } from '../../json/kind.ts';
import { isArray, isObject, type JsonObject, type JsonValue, PlainText } from '../../json/value.ts';
import { ExpressionError } from '../expression.ts';
import { sliceOf } from '../slice.ts';
import type { Work } from '../work.ts';
import { compares, isScalar } from './compare-scalars.ts';
import type { Filter, PathStep, Side } from './path-step.ts';
import { compilePlainPath } from './plain-path.ts';

export type Select = (from: readonly JsonValue[], root: JsonValue) => readonly JsonValue[];
type Test = (value: JsonValue, root: JsonValue) => boolean;

/** `work`: what a run may cost; the caller begins it anew for each. */
export function compileSteps(steps: readonly PathStep[], work: Work): Select {
  const compiled = steps.map((step) => compileStep(step, work));
  const [only] = compiled;
  if (only && compiled.length === 1) return only;
  return (from, root) => {
    let values = from;
    for (const step of compiled) {
      values = step(values, root);
      if (values.length === 0) return values;
    }
    return values;
  };
}

function compileStep(step: PathStep, work: Work): Select {
  const each = (found: (value: JsonValue) => readonly JsonValue[]) => eachOf(found, work);
  switch (step.kind) {
    case 'root':
      return (_, root) => [root];
    case 'names':
      return namesStep(step.names, work);
    case 'members':
      return each((value) => (isObject(value) ? Object.values(value) : []));
    case 'items':
      return each((value) => (isArray(value) ? value : []));
    case 'scan':
      return each((value) => everythingIn(value));
    case 'scan-names':
      return each((value) => everyMember(value, step.names, work));
    case 'indexes':
      return each((value) => (isArray(value) ? itemsAt(value, step.indexes) : []));
    case 'slice':
      return each((value) => (isArray(value) ? sliceOf(value, step) : []));
    case 'filter': {
      const test = compileFilter(step.test, work);
      return (from, root) =>
        from.flatMap((value) => {
          if (!isArray(value)) return [];
          work.spend(value.length);
          return value.filter((item) => test(item, root));
        });
    }
    case 'scan-filter': {
      const test = compileFilter(step.test, work);
      const passing = asksForMember(step.test) ? passingObjects : passingValues;
      return (from, root) => {
        const found: JsonValue[] = [];
        for (const value of from) work.spend(passing(value, root, test, found));
        return found;
      };
    }
  }
}

/** Can only an object pass? */
function asksForMember(filter: Filter): boolean {
  switch (filter.kind) {
    case 'every':
      return filter.of[0] !== undefined && asksForMember(filter.of[0]);
    case 'some':
      return filter.of.every(asksForMember);
    case 'exists':
      return filter.side.kind === 'path' && filter.side.steps[0]?.kind === 'names';
    case 'compare':
      return filter.left.kind === 'path' && filter.left.steps[0]?.kind === 'names';
  }
}

function eachOf(found: (value: JsonValue) => readonly JsonValue[], work: Work): Select {
  const counted = (value: JsonValue) => {
    const values = found(value);
    work.spend(values.length + 1);
    return values;
  };
  return (from) => (from.length === 1 ? counted(from[0] as JsonValue) : from.flatMap(counted));
}

function namesStep(names: readonly string[], work: Work): Select {
  return (from) => {
    work.spend(from.length);
    const found: JsonValue[] = [];
    for (const value of from) {
      if (!isObject(value)) continue;
      for (const name of names) if (Object.hasOwn(value, name)) found.push(value[name] as JsonValue);
    }
    return found;
  };
}

/** Before what is in it, in the order of the text. */
function everythingIn(value: JsonValue): JsonValue[] {
  const found: JsonValue[] = [];
  const visit = (inner: JsonValue) => {
    found.push(inner);
    if (isArray(inner)) for (const item of inner) visit(item);
    else if (isObject(inner)) for (const name in inner) visit(inner[name] as JsonValue);
  };
  visit(value);
  return found;
}

/** What passes of `everythingIn`, in its order; how many were tested. */
function passingValues(value: JsonValue, root: JsonValue, test: Test, found: JsonValue[]): number {
  const all = everythingIn(value);
  for (const inner of all) if (test(inner, root)) found.push(inner);
  return all.length;
}

/** The same where only objects can pass. */
function passingObjects(value: JsonValue, root: JsonValue, test: Test, found: JsonValue[]): number {
  const objects = objectsIn(value);
  for (const object of objects) if (test(object, root)) found.push(object);
  return objects.length;
}

/** The templates of a mapping scan the same event one after the other: it is looked through once. */
let scanned: { readonly value: JsonValue; readonly objects: readonly JsonObject[] } | undefined;

function objectsIn(value: JsonValue): readonly JsonObject[] {
  if (scanned?.value === value) return scanned.objects;
  const objects: JsonObject[] = [];
  collectObjects(value, objects);
  scanned = { value, objects };
  return objects;
}

function collectObjects(value: JsonValue, objects: JsonObject[]): void {
  if (isArray(value)) for (const item of value) collectObjects(item, objects);
  else if (isObject(value)) {
    objects.push(value);
    for (const name in value) {
      const member = value[name] as JsonValue;
      if (typeof member === 'object' && member !== null) collectObjects(member, objects);
    }
  }
}

function everyMember(value: JsonValue, names: readonly string[], work: Work): JsonValue[] {
  const found: JsonValue[] = [];
  const visit = (inner: JsonValue) => {
    work.spend(1);
    if (isArray(inner)) for (const item of inner) visit(item);
    else if (isObject(inner)) {
      for (const name in inner) {
        const member = inner[name] as JsonValue;
        if (names.includes(name)) found.push(member);
        visit(member);
      }
    }
  };
  visit(value);
  return found;
}

/** Behind the end there is nothing; below zero is an error of the expression, as in .NET. */
function itemsAt(items: readonly JsonValue[], indexes: readonly number[]): JsonValue[] {
  if (indexes.some((index) => index < 0)) throw new ExpressionError('An index is negative.');
  return indexes.filter((index) => index < items.length).map((index) => items[index] as JsonValue);
}

function compileFilter(filter: Filter, work: Work): Test {
  switch (filter.kind) {
    case 'every': {
      const tests = filter.of.map((each) => compileFilter(each, work));
      return (value, root) => tests.every((test) => test(value, root));
    }
    case 'some': {
      const tests = filter.of.map((each) => compileFilter(each, work));
      return (value, root) => tests.some((test) => test(value, root));
    }
    case 'exists': {
      const plain = filter.side.kind === 'path' ? compilePlainPath(filter.side.steps) : undefined;
      if (plain) return (value) => plain(value) !== undefined;
      const side = compileSide(filter.side, work);
      return (value, root) => side(value, root).length > 0;
    }
    case 'compare':
      return compileComparison(filter, work);
  }
}

type Comparison = Extract<Filter, { kind: 'compare' }>;

/** True when any pair of values from the two sides compares so. */
function compileComparison({ left, operator, right }: Comparison, work: Work): Test {
  const lefts = compileSide(left, work);
  if (operator === '=~') {
    const matches = right.kind === 'regex' ? right.matches : () => false;
    return (value, root) => lefts(value, root).some((each) => isText(each) && matches(plain(each)));
  }
  const rights = compileSide(right, work);
  return (value, root) => {
    const found = lefts(value, root);
    if (found.length === 0) return false;
    const others = rights(value, root);
    work.spend(found.length * others.length);
    return found.some((one) =>
      others.some((other) => {
        if (isScalar(one) && isScalar(other)) return compares(one, operator, other);
        return operator === '!=';
      }),
    );
  };
}

function compileSide(side: Side, work: Work): (value: JsonValue, root: JsonValue) => readonly JsonValue[] {
  if (side.kind === 'literal') {
    const values = [side.value];
    return () => values;
  }
  if (side.kind === 'regex') return () => [];
  const select = compileSteps(side.steps, work);
  return (value, root) => select([value], root);
}

function isText(value: JsonValue): boolean {
  return kindOf(value) === 'string';
}

function plain(value: JsonValue): string {
  return value instanceof PlainText ? value.text : String(value);
}
