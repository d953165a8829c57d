/** Search expressions that are more than a plain path, evaluated by the FHIRPath engine. */
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import type { JsonObject, JsonValue } from '../resource/types.ts';

export interface TypedValue {
  readonly value: JsonValue;
  /** `HumanName`, `boolean`. */
  readonly type: string;
  /** `Patient.gender`; empty for what no element holds. */
  readonly element: string;
}

/** Evaluates a compiled expression on a resource. A fault in the data gives no values: it must not fail the write. */
export type Evaluate = (resource: JsonObject) => readonly TypedValue[];

export function compileFhirpath(expression: string): Evaluate {
  const evaluate = fhirpath.compile(expression, r4, { resolveInternalTypes: false });
  return (resource) => {
    try {
      const nodes: unknown[] = evaluate(resource);
      const types = fhirpath.types(nodes);
      return nodes.map((node, index) => ({
        value: dataOf(node),
        type: fhirTypeOf(types[index] ?? ''),
        element: elementOf(node),
      }));
    } catch {
      return [];
    }
  };
}

/** The engine hands out elements wrapped with their type, and the results of its own operators bare. */
function dataOf(node: unknown): JsonValue {
  return typeof node === 'object' && node !== null && 'data' in node ? (node.data as JsonValue) : (node as JsonValue);
}

/** The engine knows an element by the type that holds it and its name there. */
function elementOf(node: unknown): string {
  if (typeof node !== 'object' || node === null || !('propName' in node) || !('parentResNode' in node)) return '';
  const { propName, parentResNode } = node;
  const holder =
    typeof parentResNode === 'object' && parentResNode !== null && 'path' in parentResNode && parentResNode.path;
  return holder && propName ? `${holder}.${propName}` : '';
}

/** `FHIR.HumanName` → `HumanName`, `System.Boolean` → `boolean`. */
function fhirTypeOf(type: string): string {
  const [namespace, name = ''] = type.split('.');
  return namespace === 'System' ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
