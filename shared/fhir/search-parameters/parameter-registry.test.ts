import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localPrincipal } from '../../access/principal.ts';
import { create } from '../interactions/create.ts';
import { remove } from '../interactions/delete.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { update } from '../interactions/update.ts';
import { completeParameters } from '../reindex/complete-parameters.ts';
import type { Resource } from '../resource/types.ts';
import { openTestService, type TestService } from '../search/testing/test-service.ts';
import { ParameterRegistry } from './parameter-registry.ts';

let one: TestService;
beforeEach(async () => {
  one = await openTestService();
});
afterEach(() => one.close());

const definition: Resource = {
  resourceType: 'SearchParameter',
  id: 'lang',
  url: 'http://example.org/lang',
  name: 'lang',
  status: 'active',
  description: 'Language.',
  code: 'lang',
  base: ['Patient'],
  type: 'token',
  expression: 'Patient.language',
};

function request(method: 'POST' | 'PUT' | 'DELETE', resource: Resource, actions?: readonly string[]): FhirRequest {
  return {
    service: one.service,
    method,
    type: resource.resourceType,
    ...(method !== 'POST' && { id: String(resource.id) }),
    query: [],
    header: () => undefined,
    resource: structuredClone(resource),
    base: 'http://localhost/fhir',
    principal: actions ? { id: 'someone', allows: (action) => actions.includes(action) } : localPrincipal,
    requestId: 'request-1',
    audit: {},
  };
}

const waiting = () =>
  Object.fromEntries([...one.service.parameters.records].map(({ url, version }) => [url, version] as const));

describe('who may change search parameters', () => {
  it.each([[['write']], [['create', 'update', 'delete']], [['write', 'delete', 'searchParameter']]])(
    'not %j without reindex: 403, and nothing is stored',
    async (actions) => {
      await expect(create(request('POST', definition, actions))).rejects.toMatchObject({ status: 403 });
      await expect(update(request('PUT', definition, actions))).rejects.toMatchObject({ status: 403 });
      await expect(remove(request('DELETE', definition, actions))).rejects.toMatchObject({ status: 403 });
      expect(one.service.parameters.version).toBe(0);
    },
  );

  it('with reindex besides, it is stored', async () => {
    expect((await create(request('POST', definition, ['write', 'reindex']))).status).toBe(201);
    const patient: Resource = { resourceType: 'Patient' };
    expect((await create(request('POST', patient, ['write']))).status).toBe(201);
  });
});

describe('the registry', () => {
  it('of another process notices a change when it looks', async () => {
    const other = new ParameterRegistry(one.service.parameters.published, one.service.store);
    await other.refresh();
    await update(request('PUT', definition));
    expect(other.state('http://example.org/lang')).toBeUndefined();
    await other.refresh();
    expect(other.state('http://example.org/lang')).toBe('Supported');
    expect([other.definitions, other.partial].map((each) => each.searchParameters('Patient').has('lang'))).toEqual([
      false,
      true,
    ]);
    await completeParameters(one.service, waiting());
    await other.refresh();
    expect(other.definitions.searchParameters('Patient').get('lang')).toMatchObject({ expression: 'Patient.language' });
    expect(other.index({ resourceType: 'Patient', language: 'de' }, '')).toContainEqual(
      expect.objectContaining({ param: 'Patient.lang', code: 'de' }),
    );
  });

  it('costs the specification nothing while there are no custom parameters', () => {
    const { parameters } = one.service;
    expect(parameters.definitions.searchParameters('Patient')).toBe(parameters.published.searchParameters('Patient'));
    expect(parameters.definitions.sharedSearchParameters).toBe(parameters.published.sharedSearchParameters);
  });

  it('a write that was indexed before the parameter was there is made again with it', async () => {
    const { service } = one;
    const index = service.parameters.index;
    let raced = false;
    // Between the indexing of the patient and its commit the parameter is stored.
    const slow: FhirRequest = {
      ...request('POST', { resourceType: 'Patient', language: 'de' }),
      service: {
        ...service,
        commit: async (...all) => {
          if (!raced) {
            raced = true;
            await update(request('PUT', definition));
          }
          return service.commit(...all);
        },
      },
    };
    expect((await create(slow)).status).toBe(201);
    expect(service.parameters.index).not.toBe(index);
    await completeParameters(service, waiting());
    expect(await one.find('Patient?lang=de')).toHaveLength(1);
  });
});

describe('a process that does not know a parameter yet', () => {
  it('cannot store what was indexed without it: it looks again and indexes with it', async () => {
    const { service } = one;
    const other = new ParameterRegistry(service.parameters.published, service.store);
    const { store } = service;
    const refused: boolean[] = [];
    const elsewhere: FhirRequest['service'] = {
      ...service,
      parameters: other,
      index: (resource, base) => other.index(resource, base),
      commit: async (...all) => {
        const result = await store.commit(...all);
        refused.push(!result.done);
        if (!result.done) await other.refresh();
        return result;
      },
    };
    await update(request('PUT', definition));
    await completeParameters(service, waiting());
    expect(other.version).toBe(0);
    const patient = request('POST', { resourceType: 'Patient', language: 'de' });
    expect((await create({ ...patient, service: elsewhere })).status).toBe(201);
    expect(refused).toEqual([true, false]);
    expect(await one.find('Patient?lang=de')).toHaveLength(1);
  });
});

describe('the end of a reindex', () => {
  it('may come twice', async () => {
    await update(request('PUT', definition));
    const before = waiting();
    await completeParameters(one.service, before);
    const { version } = one.service.parameters;
    await completeParameters(one.service, before);
    expect([one.service.parameters.version, one.service.parameters.state('http://example.org/lang')]).toEqual([
      version,
      'Enabled',
    ]);
  });

  it('leaves alone what has changed since the reindex began', async () => {
    await update(request('PUT', definition));
    const before = waiting();
    await update(request('PUT', { ...definition, expression: 'Patient.gender' }));
    await completeParameters(one.service, before);
    expect(one.service.parameters.state('http://example.org/lang')).toBe('Supported');
  });

  it('takes deleted SearchParameters away, each with its state', async () => {
    await update(request('PUT', definition));
    await remove(request('DELETE', definition));
    expect((await one.service.store.read({ type: 'SearchParameter', id: 'lang' }))?.deleted).toBe(false);
    await completeParameters(one.service, waiting());
    expect((await one.service.store.read({ type: 'SearchParameter', id: 'lang' }))?.deleted).toBe(true);
    expect(one.service.parameters.state('http://example.org/lang')).toBe('Deleted');
  });
});
