/** Resources: by themselves, nested (`Bundle.entry.resource`), contained. Source: FHIR R4, Contained Resources, and dom-2, dom-3. */
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import type { ValueCheck } from './compile-element.ts';
import type { ObjectCheck } from './compile-type.ts';
import { ContainedScope } from './contained.ts';
import { kindOf, quote, type Walk } from './walk.ts';

/** The checks of a resource that stands on its own and of one inside another's `contained`. */
export interface ResourceChecks {
  readonly nested: ValueCheck;
  readonly contained: ValueCheck;
}

export function compileResource(
  { isResourceType }: Definitions,
  objectCheck: (type: string) => ObjectCheck,
): ResourceChecks {
  const checkType = (value: JsonValue, walk: Walk): value is JsonObject => {
    if (!isObject(value)) walk.report('structure', `Expected a resource, found ${kindOf(value)}.`);
    else if (typeof value.resourceType !== 'string') {
      walk.report('required', 'A resource must have a resourceType.', 'resourceType');
    } else if (!isResourceType(value.resourceType)) {
      walk.report('structure', `There is no resource type ${quote(value.resourceType)}.`, 'resourceType');
    } else {
      objectCheck(value.resourceType)(value, walk);
      return true;
    }
    return false;
  };
  return {
    nested: (value, _holder, _key, walk) => {
      const { scope, containedId } = walk;
      const contained = isObject(value) && Array.isArray(value.contained) ? value.contained : undefined;
      walk.scope = contained && new ContainedScope(contained);
      walk.containedId = undefined;
      if (checkType(value, walk) && contained !== undefined) reportUnmentioned(contained, walk);
      walk.scope = scope;
      walk.containedId = containedId;
    },
    contained: (value, _holder, _key, walk) => {
      if (isObject(value)) {
        checkContained(value, walk);
        walk.containedId = typeof value.id === 'string' ? value.id : undefined;
      }
      checkType(value, walk);
      walk.containedId = undefined;
    },
  };
}

function checkContained({ id, contained }: JsonObject, walk: Walk): void {
  if (id === undefined) walk.report('required', 'A contained resource must have an id.', 'id');
  if (contained !== undefined) walk.report('structure', 'A contained resource must not contain others.', 'contained');
}

function reportUnmentioned(contained: readonly JsonValue[], walk: Walk): void {
  walk.enter('contained');
  for (const [index, resource] of contained.entries()) {
    if (!isObject(resource) || typeof resource.id !== 'string' || walk.scope?.isMentioned(resource.id)) continue;
    walk.enter(index);
    walk.report('invalid', 'Nothing refers to this contained resource, and it refers not to the one that contains it.');
    walk.leave();
  }
  walk.leave();
}
