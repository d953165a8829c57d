/** `$reindex` of one resource: GET shows what a search finds it by, POST indexes it anew. AHDS's body: code → value. */
import type { IndexEntry, SimpleValue } from '../../stores/resources/index-entry.ts';
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { versionResponse } from '../interactions/read.ts';
import { keyOf } from '../interactions/resource-type.ts';
import { resourceResponse } from '../operations/parameters.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';

const attempts = 10;

export async function previewReindex(request: FhirRequest): Promise<FhirResponse> {
  const stored = await currentOf(request);
  return shown(request.service.index(parseStored(stored), request.base));
}

export async function reindexResource(request: FhirRequest): Promise<FhirResponse> {
  const { parameters, store } = request.service;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { type, id, version, ...stored } = await currentOf(request);
    const indexedWith = parameters.version;
    const index = parameters.index(parseStored({ type, id, version, ...stored }), request.base);
    if ((await store.reindex([{ key: { type, id }, version, index }], indexedWith)) === 1) return shown(index);
    await parameters.refresh();
  }
  throw new FhirError('conflict', 'The resource is being changed by others at once. Try again.');
}

async function currentOf(request: FhirRequest): Promise<StoredResource> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  const stored = await request.service.store.read(key);
  if (!stored) throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  // Says 410 for one that was deleted.
  if (stored.deleted) versionResponse(request, stored);
  return stored;
}

function shown(index: readonly IndexEntry[]): FhirResponse {
  const parameter = index.map(({ param, ...value }) => ({
    name: param.slice(param.indexOf('.') + 1),
    valueString: value.kind === 'composite' ? value.parts.map(textOf).join('$') : textOf(value),
  }));
  return resourceResponse({ resourceType: 'Parameters', parameter });
}

/** In the form of search values. */
function textOf(value: SimpleValue): string {
  switch (value.kind) {
    case 'string':
      return value.exact;
    case 'token':
      return value.system === null ? (value.code ?? value.text ?? '') : `${value.system}|${value.code ?? ''}`;
    case 'date':
      return `${instantText(value.low)}/${instantText(value.high)}`;
    case 'number':
      return rangeText(value);
    case 'quantity':
      return `${rangeText(value)}|${value.system ?? ''}|${value.code ?? ''}`;
    case 'uri':
      return value.uri;
    case 'reference':
      return [value.base, value.type, value.id].filter((part) => part !== null).join('/');
  }
}

function rangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? String(low) : `${low}/${high}`;
}

/** Open ends are the limits of time. */
function instantText(instant: number): string {
  return new Date(instant).toISOString();
}
