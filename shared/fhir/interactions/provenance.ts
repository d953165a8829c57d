/**
 * `X-Provenance`: a Provenance without target comes as a header with a write and is stored in the same commit, its target
 * the version that the write makes. FHIR R4, Provenance 6.3.4.6; AHDS takes it on create and update, conditional or not.
 */
import type { Change } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { parseJsonObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import type { FhirRequest } from './interaction.ts';
import { putChange } from './put-change.ts';

/** The Provenance of `written` as a change of its own; undefined when there is none, or nothing is written. */
export function provenanceOf(request: FhirRequest, written: Change | undefined): Change | undefined {
  const header = request.header('x-provenance');
  if (header === undefined) return undefined;
  const provenance = parsed(header);
  if (written?.kind !== 'put' || !written.body) return undefined;
  const { key, expected } = written;
  provenance.target = [{ reference: `${key.type}/${key.id}/_history/${expected + 1}` }];
  const id = request.service.newId();
  return putChange(request, provenance, { type: 'Provenance', id, expected: 0, method: 'POST' });
}

function parsed(header: string): Resource {
  // Header values arrive with a character for each byte.
  const value = parseJsonObject(Buffer.from(header, 'latin1'));
  if (value.resourceType !== 'Provenance') throw new FhirError('invalid', 'X-Provenance must be a Provenance.');
  if (value.target !== undefined) throw new FhirError('invalid', 'X-Provenance must have no target.');
  return value as Resource;
}
