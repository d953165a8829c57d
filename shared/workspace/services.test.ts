import { describe, expect, it } from 'vitest';
import type { FhirService } from '../fhir/service.ts';
import { type Openers, workspaceServices } from './services.ts';
import { parseWorkspaceFile } from './workspace-file.ts';

const file = parseWorkspaceFile('{"name":"x","services":{"one":{"kind":"fhir"},"two":{"kind":"fhir"}}}', 'w.json');

function stub(name: string, closed: string[]): FhirService {
  const store = { check: async () => {} };
  return { name, store, close: async () => void closed.push(name) } as unknown as FhirService;
}

const none = () => Promise.reject(new Error('none'));
const openers = (fhir: Openers['fhir']): Openers => ({ fhir, dicom: none, medtech: none });

describe('the services of a workspace', () => {
  it('are opened once each, each with its own name', async () => {
    const closed: string[] = [];
    const services = workspaceServices(
      file,
      'data',
      openers(async ({ name }) => stub(name, closed)),
    );
    await services.open();
    expect(services.names('fhir')).toEqual(['one', 'two']);
    expect((await services.fhir('two')).name).toBe('two');
    await services.close();
    expect(closed).toEqual(['one', 'two']);
  });

  it('are closed again when one of them cannot be opened', async () => {
    const closed: string[] = [];
    const services = workspaceServices(
      file,
      'data',
      openers(async ({ name }) => {
        if (name === 'two') throw new Error('two is broken');
        return stub(name, closed);
      }),
    );
    await expect(services.open()).rejects.toThrow('two is broken');
    expect(closed).toEqual(['one']);
  });

  it('are not there before they are opened', async () => {
    const services = workspaceServices(
      file,
      'data',
      openers(async ({ name }) => stub(name, [])),
    );
    await expect(services.all[0]?.check()).rejects.toThrow('Service one has not been opened.');
  });
});
