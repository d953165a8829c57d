/**
 * A stored resource's text. The store keeps everything behind `meta.lastUpdated` (the body) and stamps id, version and
 * time itself; putting the head before it gives the whole text without parsing.
 */
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { formatJson, formatMember, parseJson } from './json.ts';
import type { JsonValue, Resource } from './types.ts';

/** Body of a tombstone: a resource with nothing but type, id and meta. */
export const tombstoneBody: Uint8Array = Buffer.from('}}');

/** What the store keeps of a resource. `meta.versionId` and `meta.lastUpdated` of the caller are left out. */
export function resourceBody(resource: Resource): Uint8Array {
  let meta = '';
  for (const [name, value] of Object.entries(resource.meta ?? {})) {
    if (name === 'versionId' || name === 'lastUpdated' || value === undefined) continue;
    meta += `,${JSON.stringify(name)}:${formatJson(value)}`;
  }
  return Buffer.from(`${meta}}${textBesidesMeta(resource)}}`);
}

/** True when two resources differ in nothing but `meta` (and the order of their elements is the same). */
export function sameButMeta(one: Resource, other: Resource): boolean {
  return textBesidesMeta(one) === textBesidesMeta(other);
}

function textBesidesMeta(resource: Resource): string {
  let text = '';
  for (const [name, value] of Object.entries(resource)) {
    if (name === 'resourceType' || name === 'id' || name === 'meta' || value === undefined) continue;
    text += `,${JSON.stringify(name)}:${formatMember(resource, name, value as JsonValue)}`;
  }
  return text;
}

/** The whole text of a version: head and body, UTF-8 JSON in two chunks. */
export function resourceText(
  stored: Pick<StoredResource, 'type' | 'id' | 'version' | 'updated' | 'deleted' | 'body'>,
): [head: Uint8Array, body: Uint8Array] {
  const { type, id, version, updated } = stored;
  const time = new Date(updated).toISOString();
  const head = `{"resourceType":"${type}","id":"${id}","meta":{"versionId":"${version}","lastUpdated":"${time}"`;
  return [Buffer.from(head, 'latin1'), stored.deleted ? tombstoneBody : stored.body];
}

/** A version as an object, for the few interactions that change or look into it. */
export function parseStored(stored: StoredResource): Resource {
  return parseJson(Buffer.concat(resourceText(stored))) as Resource;
}
