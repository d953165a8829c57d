/** `api.yaml` against the OpenAPI document that AHDS's DICOM service has: every path, method and status of its v2 is there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';

interface Document {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

async function document(version: string): Promise<Document> {
  const response = await fetch(`${server.url}/dicom/${version}/api.yaml`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/yaml; charset=utf-8']);
  return parse(await response.text()) as Document;
}

describe('OpenAPI', () => {
  it('v2 has the bulk update, v1 has not', async () => {
    expect(Object.keys((await document('v2')).paths)).toContain('/v2/studies/$bulkUpdate');
    expect(Object.keys((await document('v1')).paths)).not.toContain('/v1/studies/$bulkUpdate');
  });

  /** Why a path of AHDS's document need not be here. */
  const left: readonly (readonly [RegExp, string])[] = [[/^\/_schema\//, "the schema of AHDS's own database"]];
  /** Statuses that AHDS's document has and neither its service nor this one gives. */
  const neverGiven: Readonly<Record<string, readonly string[]>> = {
    '/v2/extendedquerytags get': ['404'],
    '/v2/partitions get': ['204'],
    // Those of storing instances, copied there.
    '/v2/workitems post': ['200', '202', '204', '406'],
    '/v2/partitions/{partitionName}/workitems post': ['200', '202', '204', '406'],
  };
  const folder = sharedData('dicom-openapi');

  it.skipIf(folder === undefined)('has every path, method and status', async () => {
    const theirs = parse(readFileSync(path.join(folder as string, 'v2/swagger.yaml'), 'utf8')) as Document;
    const ours = await document('v2');
    const missing: string[] = [];
    let compared = 0;
    for (const [address, methods] of Object.entries(theirs.paths)) {
      if (left.some(([pattern]) => pattern.test(address))) continue;
      for (const [method, { responses }] of Object.entries(methods)) {
        const own = ours.paths[address]?.[method]?.responses;
        compared += 1;
        for (const status of Object.keys(responses)) {
          // A picture is there or it is not: nothing answers 204.
          const isPicture204 = address.endsWith('/rendered') && status === '204';
          const isLeft = isPicture204 || neverGiven[`${address} ${method}`]?.includes(status);
          if (!isLeft && !own?.[status]) missing.push(`${method} ${address}: ${status}`);
        }
      }
    }
    expect(compared).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });
});
