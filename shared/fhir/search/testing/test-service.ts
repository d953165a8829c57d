/** For tests: a FHIR service on a store of its own, filled and searched through the interactions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localPrincipal } from '../../../access/principal.ts';
import type { FhirRequest } from '../../interactions/interaction.ts';
import { searchSystem } from '../../interactions/search-system.ts';
import { searchType } from '../../interactions/search-type.ts';
import { openFhirService } from '../../open-fhir-service.ts';
import type { Issue } from '../../outcome.ts';
import { resourceBody } from '../../resource/text.ts';
import type { Resource } from '../../resource/types.ts';
import type { FhirService, FhirSettings } from '../../service.ts';
import type { Terminology } from '../../terminology/terminology.ts';

export interface SearchBundle {
  readonly resourceType: 'Bundle';
  readonly id: string;
  readonly type: string;
  readonly meta: { readonly lastUpdated: string };
  readonly total?: number;
  readonly link: { readonly relation: string; readonly url: string }[];
  readonly entry?: {
    readonly fullUrl?: string;
    readonly resource: Resource & { readonly issue?: Issue[] };
    readonly search: { readonly mode: 'match' | 'include' | 'outcome' };
  }[];
}

export const testBase = 'http://localhost/fhir';

export interface TestService {
  readonly service: FhirService;
  /** Stores resources under their ids, in order; again for a new version. */
  put(...resources: (Resource & { id: string })[]): Promise<void>;
  remove(type: string, id: string): Promise<void>;
  /** `address` is what follows the service's base: `Patient?name=a`, `?_type=Patient`. Rejects with the FhirError. */
  search(address: string, headers?: Readonly<Record<string, string>>): Promise<SearchBundle>;
  /** The ids of the matches, in order. */
  find(address: string): Promise<string[]>;
  close(): Promise<void>;
}

/** `settings` and `terminology` stand for those of the service. */
export async function openTestService(
  settings: Partial<FhirSettings> = {},
  terminology?: Terminology,
): Promise<TestService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'search-'));
  const entry = { maxBundleEntries: 500, ...settings };
  const opened = await openFhirService({ name: 'fhir', entry, dataDir });
  const substitute = terminology as unknown as Partial<FhirService['terminology']> | undefined;
  const service: FhirService = { ...opened, terminology: { ...opened.terminology, ...substitute } };
  const { store } = service;

  const search = async (address: string, headers: Readonly<Record<string, string>> = {}): Promise<SearchBundle> => {
    const [path = '', query = ''] = address.split(/\?(.*)/s);
    const request: FhirRequest = {
      service,
      method: 'GET',
      ...(path !== '' && { type: path }),
      query: [...new URLSearchParams(query)],
      header: (name) => headers[name],
      base: testBase,
      principal: localPrincipal,
      requestId: 'request-1',
      audit: {},
    };
    const { body = [] } = await (path === '' ? searchSystem : searchType)(request);
    return JSON.parse(Buffer.concat(body).toString());
  };

  const change = async (type: string, id: string, resource: Resource | undefined): Promise<void> => {
    const current = await store.read({ type, id });
    const result = await service.commit([
      {
        kind: 'put',
        key: { type, id },
        expected: current?.version ?? 0,
        method: resource ? 'PUT' : 'DELETE',
        body: resource && resourceBody(resource),
        index: resource ? service.index(resource, testBase) : [],
        keepPrevious: true,
      },
    ]);
    if (!result.done) throw new Error(`${type}/${id} was not stored.`);
  };

  return {
    service,
    search,
    put: async (...resources) => {
      for (const resource of resources) await change(resource.resourceType, resource.id, resource);
    },
    remove: (type, id) => change(type, id, undefined),
    find: async (address) => {
      const { entry = [] } = await search(address);
      return entry.filter(({ search: { mode } }) => mode === 'match').map(({ resource }) => String(resource.id));
    },
    close: async () => {
      await service.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
