/**
 * Which resources the scopes of a token leave: a condition on each type. AHDS: with patient and user scopes the resource of
 * the user, what refers to it by a parameter of the CompartmentDefinition, the types that nobody owns, and devices that
 * are the user's or nobody's.
 */
import { badScope, type Letter, type SmartScope } from '../../access/smart/scope-grammar.ts';
import { grants, type SmartLimits } from '../../access/smart/smart-limits.ts';
import type { Condition } from '../../stores/resources/query.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { allOf, anyOf } from '../search/conditions.ts';
import { parameterKey } from '../search/parameter-key.ts';
import { scopeCondition } from './scope-query.ts';

/** What is done with a resource: read by its id, found, written, deleted. */
export type Purpose = 'read' | 'find' | 'create' | 'update' | 'delete';

/** Letters of which a scope needs one. AHDS: an update that creates needs no right to create. */
const letters: Readonly<Record<Purpose, readonly Letter[]>> = {
  read: ['r', 's'],
  find: ['s'],
  create: ['c', 'u'],
  update: ['u'],
  delete: ['d'],
};

/** Of `types` (undefined: every type) those that meet `where` (undefined: all of them). No types: nothing. */
export interface Within {
  readonly types: readonly string[] | undefined;
  readonly where: Condition | undefined;
}

/** Readable by everybody; a patient's app does not change them. */
const shared: ReadonlySet<string> = new Set(['Location', 'Organization', 'Practitioner', 'Medication']);
const everything: Condition = { kind: 'and', of: [] };

export class ResourceLimits {
  readonly #definitions: Definitions;
  readonly #limits: SmartLimits;
  readonly #conditions: ReadonlyMap<SmartScope, Condition | undefined>;

  /** Throws 400 for scopes on types that are none and for queries that cannot be asked. */
  constructor(definitions: Definitions, base: string, limits: SmartLimits) {
    this.#definitions = definitions;
    this.#limits = limits;
    const { isResourceType } = definitions;
    for (const { type, context } of limits.scopes) {
      if (type !== undefined && !isResourceType(type)) throw badScope(`${context}/${type}`, 'there is no such type');
    }
    this.#conditions = new Map(limits.scopes.map((scope) => [scope, scopeCondition(definitions, base, scope)]));
  }

  /** Every resource can be read and found. */
  get seesAll(): boolean {
    const { types, where } = this.within(undefined, 'find');
    return types === undefined && where === undefined && this.within(undefined, 'read').types === undefined;
  }

  /** What is left of `types` (undefined: of all). */
  within(types: readonly string[] | undefined, purpose: Purpose): Within {
    const left: string[] = [];
    const whole: string[] = [];
    const parts: Condition[] = [];
    const asked = types ?? this.#definitions.resourceTypes;
    for (const type of asked) {
      const condition = this.#ofType(type, purpose);
      if (!condition) continue;
      left.push(type);
      if (condition === everything) whole.push(type);
      else if (isOfType(condition, type)) parts.push(condition);
      else parts.push(allOf([{ kind: 'type', types: [type] }, condition]));
    }
    const isAll = types === undefined && whole.length === asked.length;
    if (parts.length === 0) return { types: isAll ? undefined : left, where: undefined };
    return {
      types: left,
      where: anyOf([...parts, ...(whole.length > 0 ? [{ kind: 'type', types: whole } as const] : [])]),
    };
  }

  /** Undefined: nothing of the type. */
  #ofType(type: string, purpose: Purpose): Condition | undefined {
    const scopes = this.#limits.scopes.filter((scope) =>
      letters[purpose].some((letter) => grants(scope, type, letter)),
    );
    if (scopes.length === 0) return undefined;
    const owned = this.#owned(type, purpose === 'read' || purpose === 'find');
    if (!owned) return undefined;
    const queries = scopes.map((scope) => this.#conditions.get(scope));
    const isOpen = queries.includes(undefined);
    if (isOpen) return owned;
    const asked = anyOf(queries.filter((query) => query !== undefined));
    return owned === everything ? asked : allOf([owned, asked]);
  }

  #owned(type: string, reading: boolean): Condition | undefined {
    const { user } = this.#limits;
    if (!user) return everything;
    if (reading && shared.has(type)) return everything;
    const itself: Condition[] = [
      { kind: 'type', types: [type] },
      { kind: 'id', ids: [user.id] },
    ];
    // Another patient who links to this one can be seen, not changed.
    if (type === user.type && !reading) return allOf(itself);
    const refers = this.ownerKeys(user.type, type).map((param): Condition => {
      return { kind: 'value', param, test: { kind: 'reference', base: null, type: user.type, id: user.id } };
    });
    if (type === user.type) refers.push(allOf(itself));
    if (type === 'Device') refers.push(...this.#devices(reading));
    return refers.length === 0 ? undefined : anyOf(refers);
  }

  /** The reference parameters that put a resource of `type` into the compartment `code`. */
  ownerKeys(code: string, type: string) {
    const parameters = this.#definitions.searchParameters(type);
    const codes = this.#definitions.compartments.get(code)?.members.get(type) ?? [];
    return codes.flatMap((each) => {
      const parameter = parameters.get(each);
      return parameter ? [parameterKey(parameter)] : [];
    });
  }

  /** R4 has devices in no patient's compartment. */
  #devices(reading: boolean): Condition[] {
    const { user } = this.#limits;
    const param = 'Device.patient';
    const unassigned: Condition = { kind: 'not', of: { kind: 'present', param, of: 'reference' } };
    const nobodys = reading ? [allOf([{ kind: 'type', types: ['Device'] }, unassigned])] : [];
    if (user?.type !== 'Patient') return nobodys;
    return [
      { kind: 'value', param, test: { kind: 'reference', base: null, type: 'Patient', id: user.id } },
      ...nobodys,
    ];
  }
}

/** Only a resource of the type can meet it. */
function isOfType(condition: Condition, type: string): boolean {
  switch (condition.kind) {
    case 'type':
      return condition.types.every((each) => each === type);
    case 'value':
      return condition.param.startsWith(`${type}.`);
    case 'and':
      return condition.of.some((member) => isOfType(member, type));
    case 'or':
      return condition.of.every((member) => isOfType(member, type));
    default:
      return false;
  }
}
