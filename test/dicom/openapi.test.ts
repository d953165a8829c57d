/** `api.yaml` against the OpenAPI document that AHDS's DICOM service has: every path, method and status of its v2 is there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { type DicomAnswer, dicomRequests } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly operationId?: string;
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

const read = new Map<string, Promise<Document>>();

function document(version: string): Promise<Document> {
  const found = read.get(version) ?? fetched(version);
  read.set(version, found);
  return found;
}

async function fetched(version: string): Promise<Document> {
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
  let theirs: Document;
  beforeAll(() => {
    if (folder !== undefined) theirs = parse(readFileSync(path.join(folder, 'v2/swagger.yaml'), 'utf8')) as Document;
  });

  it.skipIf(folder === undefined)('has every path, method and status', async () => {
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

  it.skipIf(folder === undefined)(
    'has a body wherever AHDS has one that is no message, and its rows take a body',
    async () => {
      const ours = await document('v2');
      const missing: string[] = [];
      for (const [address, methods] of Object.entries(theirs.paths)) {
        for (const [method, { responses, requestBody }] of Object.entries(methods)) {
          const own = ours.paths[address]?.[method];
          if (requestBody && own && !own.requestBody) missing.push(`${method} ${address}`);
          for (const [status, { content }] of Object.entries(responses)) {
            const isLeft = !own?.responses[status] || Number(status) >= 400;
            if (content && !isLeft && !own.responses[status]?.content) missing.push(`${method} ${address}: ${status}`);
          }
        }
      }
      // AHDS's document has bodies of JSON where its service sends none.
      expect(missing.filter((one) => !/workitems|^delete /.test(one))).toEqual([]);
    },
  );

  it.skipIf(folder === undefined)(
    "has AHDS's schemas with all their properties and values; those of its own classes for data sets are DICOM JSON",
    async () => {
      const ours = (await document('v2')).components.schemas;
      const left = [
        /^Dicom(DictionaryEntry|Item|MaskedTag|PrivateCreator|Tag|VM|VR)$/,
        /^(Add|Delete)ExtendedQueryTagResponse$/,
      ];
      const missing = Object.entries(theirs.components.schemas).flatMap(([name, schema]) => {
        if (left.some((pattern) => pattern.test(name))) return [];
        const own = ours[name];
        if (!own) return [name];
        const properties = Object.keys(schema.properties ?? {}).filter((property) => !own.properties?.[property]);
        const values = (schema.enum ?? []).filter((value) => value !== 'unknown' && !own.enum?.includes(value));
        return [...properties, ...values].map((each) => `${name}.${each}`);
      });
      // The change feed has it where files lie in the customer's own store only.
      expect(missing).toEqual(['ChangeFeedEntry.filePath']);
    },
  );

  it('refers only to schemas that it has', async () => {
    for (const version of ['v1', 'v2']) {
      const own = await document(version);
      const named = [...JSON.stringify(own).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
      expect(named.length).toBeGreaterThan(50);
      expect(named.filter((name) => !own.components.schemas[name])).toEqual([]);
    }
  });

  it('describes what the service answers', async () => {
    const v2 = dicomRequests(`${server.url}/dicom/v2`);
    await v2.store([instanceFile({ study: '1.5.1', series: '1.5.1.1', instance: '1.5.1.1.1' })]);
    const added = await v2.send('POST', '/extendedquerytags', {
      body: JSON.stringify([{ path: 'DeviceSerialNumber', level: 'instance' }]),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(added.status).toBe(202);
    const { paths, components } = await document('v2');
    const checked = (path: string, { status, json }: DicomAnswer, method = 'get') => {
      const [content] = Object.values(paths[path]?.[method]?.responses[status]?.content ?? {});
      expect(content?.schema).toBeDefined();
      expect(mismatches(json, content?.schema ?? {}, components.schemas, path)).toEqual([]);
    };
    checked('/v2/extendedquerytags', added, 'post');
    checked('/v2/extendedquerytags', await v2.get('/extendedquerytags'));
    checked('/v2/operations/{operationId}', await v2.get(`/operations/${added.json.id}`));
    checked('/v2/changefeed', await v2.get('/changefeed'));
    checked('/v2/changefeed/latest', await v2.get('/changefeed/latest'));
    checked('/v2/studies', await v2.get('/studies'));
    checked('/v2/studies/{studyInstanceUid}/metadata', await v2.get('/studies/1.5.1/metadata'));
  });
});

/** Where a value is not what its schema says; a property that the schema does not have is one. */
function mismatches(value: unknown, schema: Schema, schemas: Readonly<Record<string, Schema>>, at: string): string[] {
  const { $ref, type, properties, items, enum: values, required = [] } = schema;
  if ($ref) return mismatches(value, schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas, at);
  if (values) return values.includes(String(value)) ? [] : [`${at}: ${value}`];
  if (type === 'array') {
    if (!Array.isArray(value) || value.length === 0) return [`${at}: no array of something`];
    return value.flatMap((each, index) => mismatches(each, items ?? {}, schemas, `${at}[${index}]`));
  }
  if (type === 'integer') return Number.isInteger(value) ? [] : [`${at}: ${value}`];
  if (type === 'string') return typeof value === 'string' ? [] : [`${at}: ${value}`];
  if (!properties) return [];
  const lacking = required.filter((name) => !(name in (value as object))).map((name) => `${at}.${name} is not there`);
  const others = Object.entries(value as object).flatMap(([name, each]) => {
    const own = properties[name];
    return own ? mismatches(each, own, schemas, `${at}.${name}`) : [`${at}.${name} is unknown`];
  });
  return [...lacking, ...others];
}
