/** The patch that a request carries, applied to a resource. What identifies a resource and its narrative stays as it is. */
import type { FhirRequest } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { Editor } from './editor.ts';
import { applyFhirPathPatch, fhirPathOperations } from './fhirpath-patch.ts';
import { applyJsonPatch, jsonPatchOperations } from './json-patch.ts';

/** The patched resource; `resource` itself is used up. Throws with 400 for whatever cannot be done. */
export function applyPatch(request: FhirRequest, resource: Resource): Resource {
  const before = immutables(resource);
  const patched = patchedResource(request, resource);
  if (patched.resourceType !== request.type) {
    throw new FhirError('invalid', 'A patch cannot change the type of the resource.');
  }
  for (const [name, value] of immutables(patched)) {
    if (value !== before.get(name)) throw new FhirError('invalid', `A patch cannot change ${name}.`);
  }
  return patched;
}

function patchedResource({ jsonPatch, resource: parameters, service }: FhirRequest, resource: Resource): Resource {
  const editor = new Editor();
  if (jsonPatch !== undefined) {
    const patched = applyJsonPatch(resource, jsonPatchOperations(jsonPatch), editor);
    if (!isObject(patched)) throw new FhirError('invalid', 'A patch cannot change a resource into something else.');
    editor.finish(patched);
    return patched as Resource;
  }
  if (!parameters) throw new FhirError('structure', 'The request needs a patch as its body.');
  applyFhirPathPatch(resource, fhirPathOperations(parameters), service.definitions, editor);
  editor.finish(resource);
  return resource;
}

/** AHDS: any change to these is 400. */
function immutables({ id, meta, text }: Resource): ReadonlyMap<string, JsonValue | undefined> {
  const { versionId, lastUpdated } = objectOf(meta);
  const { div, status } = objectOf(text);
  return new Map(
    Object.entries({
      id,
      'meta.versionId': versionId,
      'meta.lastUpdated': lastUpdated,
      'text.div': div,
      'text.status': status,
    }),
  );
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
