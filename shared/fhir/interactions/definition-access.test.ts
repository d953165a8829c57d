import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FhirDataAction } from '../../access/data-actions.ts';
import { batch } from '../bundle/batch.ts';
import { operationRows } from '../operations/rows.ts';
import { validateType } from '../operations/validate.ts';
import type { Resource } from '../resource/types.ts';
import { openTestService, type TestService, testBase } from '../search/testing/test-service.ts';
import { conditionalDelete } from './conditional-delete.ts';
import { conditionalUpdate } from './conditional-update.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import type { FhirRequest, Interaction } from './interaction.ts';
import { interactionRows } from './rows.ts';
import { update } from './update.ts';

let test: TestService;
beforeAll(async () => {
  test = await openTestService();
});
afterAll(() => test.close());

const writer: readonly FhirDataAction[] = ['read', 'write', 'delete'];
const valueSet = { resourceType: 'ValueSet', status: 'draft', url: 'http://own.example/vs' };

/** The status of an interaction for a caller with these rights. */
async function statusFor(
  rights: readonly FhirDataAction[],
  interaction: Interaction,
  part: Pick<FhirRequest, 'method'> & Partial<FhirRequest>,
): Promise<number> {
  const request: FhirRequest = {
    service: test.service,
    type: 'ValueSet',
    query: [],
    header: () => undefined,
    base: testBase,
    principal: { id: 'test', allows: (action) => rights.includes(action as FhirDataAction) },
    requestId: 'request-1',
    audit: {},
    ...part,
  };
  try {
    return (await interaction(request)).status;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe('definitions: a write needs editProfileDefinitions besides its own right', () => {
  const byUrl = [['url', valueSet.url]] as const;
  it.each<[string, Interaction, Pick<FhirRequest, 'method'> & Partial<FhirRequest>, number]>([
    ['update', update, { method: 'PUT', id: 'own', resource: { ...valueSet, id: 'own' } as Resource }, 201],
    ['create', create, { method: 'POST', resource: { ...valueSet, url: 'http://own.example/2' } as Resource }, 201],
    [
      'conditional update',
      conditionalUpdate,
      { method: 'PUT', query: byUrl, resource: { ...valueSet } as Resource },
      200,
    ],
    ['conditional delete', conditionalDelete, { method: 'DELETE', query: byUrl }, 204],
    ['delete', remove, { method: 'DELETE', id: 'own' }, 204],
  ])('%s: 403 without, done with it', async (_name, interaction, part, done) => {
    const sent = () => structuredClone(part.resource && { resource: part.resource });
    expect(await statusFor(writer, interaction, { ...part, ...sent() })).toBe(403);
    expect(await statusFor([...writer, 'editProfileDefinitions'], interaction, { ...part, ...sent() })).toBe(done);
  });

  it.each(['StructureDefinition', 'CodeSystem', 'ConceptMap'])('%s too, and no other type', async (type) => {
    const part = { method: 'DELETE', type, id: 'any' } as const;
    expect(await statusFor(writer, remove, part)).toBe(403);
    expect(await statusFor(writer, remove, { ...part, type: 'Patient' })).toBe(204);
  });
});

describe('$validate needs resourceValidate', () => {
  it('by its rows, and so in a batch', async () => {
    for (const { name, access } of operationRows.filter((row) => row.name.startsWith('validate-'))) {
      expect([name, access]).toEqual([name, [['resourceValidate']]]);
    }
    const patient = { resourceType: 'Patient' };
    const entries = [{ resource: patient, request: { method: 'POST', url: 'Patient/$validate' } }];
    const part = { method: 'POST', type: 'Patient', resource: patient as Resource } as const;
    expect(await statusFor(['resourceValidate'], validateType, part)).toBe(200);
    const answered = await batch(
      {
        service: test.service,
        method: 'POST',
        query: [],
        header: () => undefined,
        base: testBase,
        principal: { id: 'test', allows: (action) => action === 'read' },
        requestId: 'request-1',
        audit: {},
      },
      entries,
      interactionRows,
    );
    const { entry } = JSON.parse(Buffer.concat(answered.body as Uint8Array[]).toString());
    expect(entry[0].response.status).toBe('403');
  });
});

describe('validateProfiles, the setting of a service', () => {
  it('validates every write unless the header says false', async () => {
    const strict = { ...test.service, settings: { ...test.service.settings, validateProfiles: true } };
    const odd = () => ({ resourceType: 'Patient', contact: [{ gender: 'female' }] }) as Resource;
    const part = { method: 'POST', type: 'Patient', service: strict } as const;
    expect(await statusFor(writer, create, { ...part, resource: odd() })).toBe(400);
    expect(
      await statusFor(writer, create, { ...part, resource: odd(), header: () => undefined, service: test.service }),
    ).toBe(201);
    const refusing = (name: string) => (name === 'x-ms-profile-validation' ? 'false' : undefined);
    expect(await statusFor(writer, create, { ...part, resource: odd(), header: refusing })).toBe(201);
  });
});
