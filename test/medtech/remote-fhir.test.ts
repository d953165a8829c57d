import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fhirPortContract } from '../../shared/medtech/persist/fhir-port.contract.ts';
import { RemoteFhir } from '../../shared/medtech/persist/remote-fhir.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';

let server: LocalServer;
let url: string;

beforeAll(async () => {
  server = await startLocalServer();
  url = `${server.url}/fhir`;
});
afterAll(async () => {
  await server.stop();
});

describe('a FHIR service over HTTP', () => {
  fhirPortContract(() => ({
    fhir: new RemoteFhir({ url }),
    remove: async (type, id) => {
      await fetch(`${url}/${type}/${id}`, { method: 'DELETE' });
    },
  }));

  it('refuses what is not valid', async () => {
    const fhir = new RemoteFhir({ url });
    const refused = fhir.create({ resourceType: 'Observation', id: 'invalid', status: 'final' });
    await expect(refused).rejects.toMatchObject({ code: 'FhirResourceRefusedException' });
  });
});

describe('a FHIR service that answers with an error', () => {
  let failing: Server;
  let status = 500;
  const seen: (string | undefined)[] = [];
  let fhir: RemoteFhir;

  beforeAll(async () => {
    failing = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
    const { port } = failing.address() as AddressInfo;
    fhir = new RemoteFhir({ url: `http://127.0.0.1:${port}/fhir`, token: async () => 'abc' });
  });
  afterAll(async () => {
    await new Promise((resolve) => failing.close(resolve));
  });

  it.each([401, 403, 408, 429, 500, 503])('%i is one that may be another later', async (answered) => {
    status = answered;
    await expect(fhir.read('Patient', '1')).rejects.toMatchObject({ name: 'FhirUnavailable' });
    await expect(fhir.create({ resourceType: 'Patient', id: '1' })).rejects.toMatchObject({ name: 'FhirUnavailable' });
    await expect(fhir.check()).rejects.toMatchObject({ name: 'FhirUnavailable' });
  });

  it.each([404, 409, 410, 412])('%i is that another writer was first', async (answered) => {
    status = answered;
    expect(await fhir.replace({ resourceType: 'Patient', id: '1' }, '1')).toEqual({ done: false });
  });

  it('every request has a token', () => {
    expect(new Set(seen)).toEqual(new Set(['Bearer abc']));
  });

  it('no answer is one that may come later', async () => {
    const nowhere = new RemoteFhir({ url: 'http://127.0.0.1:1/fhir' });
    await expect(nowhere.search('Patient', { value: '1' })).rejects.toMatchObject({ name: 'FhirUnavailable' });
  });
});
