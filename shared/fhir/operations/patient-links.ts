/** The patients that a patient's `link` names. FHIR R4 Patient.link; links to related persons are not followed, as in AHDS. */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import { parseStored } from '../resource/text.ts';
import { literalReference } from '../search/literal-reference.ts';

export interface PatientLinks {
  /** Ids, each once and sorted, without the patient's own. */
  readonly seeAlso: readonly string[];
  readonly replacedBy: readonly string[];
}

const none: PatientLinks = { seeAlso: [], replacedBy: [] };

/** `base`: the service's absolute URL; a patient on another server is not followed. */
export function linksOf(patient: StoredResource | undefined, base: string, definitions: Definitions): PatientLinks {
  // Most patients have no links: their text tells it without being parsed.
  if (!patient || !textOf(patient.body).includes('"link"')) return none;
  const { link } = parseStored(patient);
  const seeAlso = new Set<string>();
  const replacedBy = new Set<string>();
  for (const each of Array.isArray(link) ? link : []) {
    if (!isObject(each) || !isObject(each.other) || typeof each.other.reference !== 'string') continue;
    const target = literalReference(each.other.reference, base, definitions.isResourceType);
    if (target.base !== null || target.type !== 'Patient') continue;
    if (each.type === 'seealso') seeAlso.add(target.id);
    if (each.type === 'replaced-by') replacedBy.add(target.id);
  }
  seeAlso.delete(patient.id);
  return { seeAlso: [...seeAlso].sort(), replacedBy: [...replacedBy] };
}

function textOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, length);
}
