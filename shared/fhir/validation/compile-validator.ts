/**
 * Structural validation: every element of a resource against the definition of its type, in one pass.
 * Source: FHIR R4, Validating Resources (structure, cardinality, values, bindings). Invariants and profiles are not its part.
 */
import type { Definitions, ElementDefinition, TypeDefinition } from '../definitions/definitions.ts';
import type { Issue } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { compileBinding } from './bindings.ts';
import { attributeProperty, complexProperty, primitiveProperties, type ValueCheck } from './compile-element.ts';
import { compileResource } from './compile-resource.ts';
import { compileType, type ObjectCheck, type Property } from './compile-type.ts';
import { checkExtension } from './extension.ts';
import { elementId, primitiveChecks } from './primitives.ts';
import { checkReference } from './references.ts';
import { kindOf, Walk } from './walk.ts';

/**
 * What is wrong with a resource: an empty list when its structure is right, else at most 50 errors, each with the FHIRPath
 * of its element. Types are compiled when they are first met.
 */
export function compileValidator(definitions: Definitions): (resource: Resource) => Issue[] {
  const compiled = new Map<string, ObjectCheck>();
  const objectCheck = (type: string): ObjectCheck => {
    const check = compiled.get(type) ?? compileObject(type);
    compiled.set(type, check);
    return check;
  };
  const resource = compileResource(definitions, objectCheck);

  function compileObject(name: string): ObjectCheck {
    const type = definitions.type(name);
    if (type === undefined) throw new Error(`The definitions have no type ${name}`);
    return compileType(
      type,
      [...type.elements.values()].flatMap((element) => propertiesOf(type, element)),
    );
  }

  function propertiesOf(type: TypeDefinition, element: ElementDefinition): Property[] {
    if (element.name === 'id' && type.kind !== 'resource') return [attributeProperty(element, elementId)];
    const primitive = primitiveChecks[element.type];
    if (type.name === 'Extension' && element.name === 'url' && primitive)
      return [attributeProperty(element, primitive)];
    if (primitive !== undefined) {
      return primitiveProperties(element, withBinding(element, primitive), objectValue(element.type));
    }
    if (element.type !== 'Resource') return [complexProperty(element, withBinding(element, complexValue(element)))];
    return [complexProperty(element, element.name === 'contained' ? resource.contained : resource.nested)];
  }

  /** Compiled at first use, because types contain themselves. */
  function objectValue(type: string): ValueCheck {
    let check: ObjectCheck | undefined;
    return (value, _holder, _key, walk) => {
      if (!isObject(value)) return walk.report('structure', `Expected an object, found ${kindOf(value)}.`);
      check ??= objectCheck(type);
      check(value, walk);
    };
  }

  function complexValue({ type }: ElementDefinition): ValueCheck {
    const check = objectValue(type);
    if (type !== 'Reference' && type !== 'Extension') return check;
    return (value, holder, key, walk) => {
      check(value, holder, key, walk);
      if (!isObject(value)) return;
      if (type === 'Extension') checkExtension(value, walk);
      else checkReference(value, walk);
    };
  }

  function withBinding({ type, binding }: ElementDefinition, check: ValueCheck): ValueCheck {
    const bound = binding && compileBinding(type, binding, definitions);
    if (!bound) return check;
    return (value, holder, key, walk) => {
      check(value, holder, key, walk);
      bound(value, walk);
    };
  }

  return (whole) => {
    const walk = new Walk(definitions.isResourceType(whole.resourceType) ? whole.resourceType : 'Resource');
    resource.nested(whole, whole, 0, walk);
    return walk.issues;
  };
}
