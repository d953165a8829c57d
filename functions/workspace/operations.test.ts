import { describe, expect, it } from 'vitest';
import type { Answer, Call } from '../../shared/operations/operation.ts';
import { type Workspace, workspaceOperations } from './operations.ts';

const check = async () => {};
const fhir = { name: 'fhir', kind: 'fhir' as const, check };

function ask(name: string, services: Workspace['services'], accept?: string): Promise<Answer> {
  const row = workspaceOperations.find((each) => each.name === name);
  const headers = new Headers(accept === undefined ? {} : { accept });
  const call = { service: { name: 'local', services }, base: 'http://here"><script>', headers } as Call<Workspace>;
  return row?.handler(call) ?? Promise.reject(new Error(`no ${name}`));
}

describe('the home of the workspace', () => {
  it('lists the services as JSON', async () => {
    const { body } = await ask('workspace-home', [fhir]);
    expect(JSON.parse(String(body))).toMatchObject({ name: 'local', services: [{ name: 'fhir', kind: 'fhir' }] });
  });

  it('is a page for a browser, with nothing of the request unescaped', async () => {
    const { body, headers } = await ask('workspace-home', [fhir], 'text/html,*/*');
    expect(headers).toMatchObject({ 'Content-Type': 'text/html; charset=utf-8' });
    expect(body).toContain('/fhir');
    expect(body).not.toContain('<script>');
  });
});

describe('the health check', () => {
  it('is 200 when every store reads and writes', async () => {
    const { status, body } = await ask('workspace-health', [fhir]);
    expect(status).toBe(200);
    expect(JSON.parse(String(body))).toMatchObject({ overallStatus: 'Healthy', details: [{ name: 'fhir', data: {} }] });
  });

  it('is 503 when one does not, without its reason', async () => {
    const broken = { ...fhir, name: 'research', check: () => Promise.reject(new Error('/secret/path')) };
    const { status, body } = await ask('workspace-health', [fhir, broken]);
    expect(status).toBe(503);
    expect(JSON.parse(String(body))).toMatchObject({
      overallStatus: 'Unhealthy',
      details: [{ status: 'Healthy' }, { name: 'research', status: 'Unhealthy' }],
    });
    expect(body).not.toMatch(/secret/);
  });
});
