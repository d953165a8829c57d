import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { formatJson, parseJson } from './json.ts';
import { type Subset, subset } from './subset.ts';
import type { Resource } from './types.ts';

const definitions = loadDefinitions();
const parsed = (resource: object) => parseJson(Buffer.from(JSON.stringify(resource))) as Resource;
const names = (resource: object, wanted: Subset) => Object.keys(subset(parsed(resource), wanted, definitions));

const observation = {
  resourceType: 'Observation',
  id: 'x',
  text: { status: 'generated', div: '<div/>' },
  status: 'final',
  code: { text: 'c' },
  valueQuantity: { value: 1 },
  issued: '2020-01-01T00:00:00Z',
  note: [{ text: 'n' }],
};

describe('a subset of a resource', () => {
  it.each<[name: string, wanted: Subset, kept: string[]]>([
    ['_summary=true', { summary: 'true' }, ['resourceType', 'id', 'status', 'code', 'valueQuantity', 'issued', 'meta']],
    ['_summary=text', { summary: 'text' }, ['resourceType', 'id', 'text', 'status', 'code', 'meta']],
    [
      '_summary=data',
      { summary: 'data' },
      ['resourceType', 'id', 'status', 'code', 'valueQuantity', 'issued', 'note', 'meta'],
    ],
    ['_elements=note', { elements: ['note'] }, ['resourceType', 'id', 'status', 'code', 'note', 'meta']],
    [
      'a choice by its base name',
      { elements: ['value'] },
      ['resourceType', 'id', 'status', 'code', 'valueQuantity', 'meta'],
    ],
    ['names that no element has', { elements: ['constructor'] }, ['resourceType', 'id', 'status', 'code', 'meta']],
  ])('%s', (_, wanted, kept) => {
    expect(names(observation, wanted)).toEqual(kept);
  });

  it('keeps the extensions of a primitive with it', () => {
    const patient = { resourceType: 'Patient', birthDate: '2020', _birthDate: { id: 'b' }, _gender: { id: 'g' } };
    expect(names(patient, { elements: ['birthDate'] })).toEqual(['resourceType', 'birthDate', '_birthDate', 'meta']);
  });

  it('thins out backbone elements in a summary', () => {
    const capability = parsed({
      resourceType: 'CapabilityStatement',
      software: { name: 'n' },
      rest: [{ mode: 'server', documentation: 'd', resource: [{ type: 'Patient', versioning: 'versioned' }] }],
    });
    expect(subset(capability, { summary: 'true' }, definitions)).toMatchObject({
      software: { name: 'n' },
      rest: [{ mode: 'server' }],
    });
    expect(JSON.stringify(capability)).not.toContain('versioning');
  });

  it('is tagged once, beside the tags that are there', () => {
    const tagged = parsed({ resourceType: 'Patient', meta: { tag: [{ code: 'a' }] } });
    const once = subset(tagged, { summary: 'data' }, definitions);
    expect(subset(once, { summary: 'data' }, definitions).meta?.tag).toMatchObject([
      { code: 'a' },
      { code: 'SUBSETTED' },
    ]);
  });

  it('keeps the digits of numbers', () => {
    const text = '{"resourceType":"Observation","valueQuantity":{"value":1.50},"note":[]}';
    const kept = subset(parseJson(Buffer.from(text)) as Resource, { elements: ['value'] }, definitions);
    expect(formatJson(kept)).toContain('"value":1.50');
  });
});
