import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWorkspaceFile, readWorkspaceFile } from './workspace-file.ts';

const parse = (services: unknown, rest: object = {}) =>
  parseWorkspaceFile(JSON.stringify({ name: 'local', services, ...rest }), 'w.json');
const medtech = (value: object) => parse({ fhir: { kind: 'fhir' }, m: { kind: 'medtech', ...value } });
const cors = (value: unknown) => parse({ fhir: { kind: 'fhir', cors: value } });

describe('workspace.json', () => {
  it('gives each FHIR service its limits', () => {
    const { name, services } = parse({
      fhir: { kind: 'fhir' },
      research: { kind: 'fhir', maxBundleEntries: 7, validateProfiles: true },
    });
    expect(name).toBe('local');
    expect([...services]).toEqual([
      [
        'fhir',
        {
          kind: 'fhir',
          maxBundleEntries: 500,
          maxBodyBytes: 52_428_800,
          validateProfiles: false,
          fullText: false,
          dateContainment: false,
          requests: { atWork: 100, waiting: 1000 },
        },
      ],
      [
        'research',
        {
          kind: 'fhir',
          maxBundleEntries: 7,
          maxBodyBytes: 52_428_800,
          validateProfiles: true,
          fullText: false,
          dateContainment: false,
          requests: { atWork: 100, waiting: 1000 },
        },
      ],
    ]);
  });

  it('gives services the number of requests that they work on', () => {
    const { services } = parse({ dicom: { kind: 'dicom', requests: { atWork: 3 } } });
    expect(services.get('dicom')).toHaveProperty('requests', { atWork: 3, waiting: 1000 });
    expect(() => parse({ fhir: { kind: 'fhir', requests: { atWork: 0 } } })).toThrow(/requests.atWork must be a whole/);
    expect(() => parse({ fhir: { kind: 'fhir', requests: { running: 1 } } })).toThrow(/one of the properties/);
  });

  it.each([
    '{"__proto__":{"kind":"fhir"}}',
    '{"constructor":{"kind":"constructor"}}',
    '{"fhir":{"kind":"fhir","__proto__":{"fullText":true}}}',
    '{"fhir":{"kind":"fhir","constructor":1}}',
    '{"fhir":{"kind":"fhir","versioning":{"__proto__":"no-version"}}}',
    '{"fhir":{"kind":"fhir","subscriptions":{"__proto__":{"allow":["*"]}}}}',
  ])('takes no name of what every object has: %s', (services) => {
    expect(() => parseWorkspaceFile(`{"name":"local","services":${services}}`, 'w.json')).toThrow(/w\.json: \$/);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('gives subscriptions their settings, the defaults where it says nothing', () => {
    const allow = ['http://localhost:*', 'https://10.0.0.5', 'http://[::1]:8080'];
    const { services } = parse({ fhir: { kind: 'fhir', subscriptions: { allow, errorAfter: 2 } } });
    expect(services.get('fhir')).toHaveProperty('subscriptions', {
      allow,
      timeoutSeconds: 10,
      retrySeconds: 5,
      errorAfter: 2,
      offAfter: 20,
    });
  });

  it('gives MedTech services their settings; paths of mappings are relative to the file', () => {
    const file = path.resolve('conf/w.json');
    const given = {
      kind: 'medtech',
      eventHub: 'hub',
      fhirService: 'fhir',
      resolution: 'create',
      fhirMapping: 'f.json',
    };
    const text = JSON.stringify({ name: 'x', services: { m: given, fhir: { kind: 'fhir' } } });
    expect(parseWorkspaceFile(text, file).services.get('m')).toEqual({
      kind: 'medtech',
      eventHub: 'hub',
      consumerGroup: '$Default',
      fhirService: 'fhir',
      resolution: 'Create',
      strictIdentity: true,
      subSecondIdentity: false,
      cacheSize: 5000,
      fhirMapping: path.resolve('conf/f.json'),
      maxBodyBytes: 10_485_760,
    });
    const remote = medtech({ eventHub: 'hub', fhirService: 'https://x.fhir.azurehealthcareapis.com' });
    expect(remote.services.get('m')).toMatchObject({ resolution: 'Lookup' });
  });

  it.each([
    ['$', () => parseWorkspaceFile('[]', 'w.json')],
    ['$.name', () => parseWorkspaceFile('{"services":{"fhir":{"kind":"fhir"}}}', 'w.json')],
    ['$.services', () => parseWorkspaceFile('{"name":"x"}', 'w.json')],
    ['$.services', () => parse({})],
    ['$.extra', () => parse({ fhir: { kind: 'fhir' } }, { extra: 1 })],
    ['$.services.Fhir', () => parse({ Fhir: { kind: 'fhir' } })],
    ['$.services.health', () => parse({ health: { kind: 'fhir' } })],
    ['$.services.admin', () => parse({ admin: { kind: 'fhir' } })],
    ['$.services.fhir', () => parse({ fhir: 'fhir' })],
    ['$.services.fhir.kind', () => parse({ fhir: {} })],
    ['$.services.fhir.kind', () => parse({ fhir: { kind: 'hl7' } })],
    ['$.services.fhir.extra', () => parse({ fhir: { kind: 'fhir', extra: 1 } })],
    ['$.services.fhir.maxBodyBytes', () => parse({ fhir: { kind: 'fhir', maxBodyBytes: '1' } })],
    ['$.services.fhir.fullText', () => parse({ fhir: { kind: 'fhir', fullText: 'yes' } })],
    ['$.services.fhir.dateContainment', () => parse({ fhir: { kind: 'fhir', dateContainment: 'yes' } })],
    ['$.services.fhir.cors', () => cors([])],
    ['$.services.fhir.cors.origin', () => cors({ origin: '*' })],
    ['$.services.fhir.cors.origins', () => cors({})],
    ['$.services.fhir.cors.origins', () => cors({ origins: ['https://app.example/'] })],
    ['$.services.fhir.cors.origins', () => cors({ origins: ['*'], allowCredentials: true })],
    ['$.services.fhir.cors.methods', () => cors({ origins: ['*'], methods: ['FETCH'] })],
    ['$.services.fhir.cors.headers', () => cors({ origins: ['*'], headers: ['a b'] })],
    ['$.services.fhir.cors.maxAge', () => cors({ origins: ['*'], maxAge: -1 })],
    ['$.services.fhir.cors.allowCredentials', () => cors({ origins: ['*'], allowCredentials: 'yes' })],
    ['$.services.fhir.versioning', () => parse({ fhir: { kind: 'fhir', versioning: 'versioned' } })],
    ['$.services.fhir.versioning.default', () => parse({ fhir: { kind: 'fhir', versioning: { default: 'none' } } })],
    [
      '$.services.fhir.versioning.patient',
      () => parse({ fhir: { kind: 'fhir', versioning: { patient: 'versioned' } } }),
    ],
    ['$.services.fhir.validateProfiles', () => parse({ fhir: { kind: 'fhir', validateProfiles: 'yes' } })],
    ['$.services.fhir.maxBundleEntries', () => parse({ fhir: { kind: 'fhir', maxBundleEntries: 0 } })],
    ['$.services.m.eventHub', () => medtech({ fhirService: 'fhir' })],
    ['$.services.m.fhirService', () => medtech({ eventHub: 'h' })],
    ['$.services.m.fhirService', () => medtech({ eventHub: 'h', fhirService: 'm' })],
    ['$.services.m.fhirService', () => medtech({ eventHub: 'h', fhirService: 'ftp://x' })],
    ['$.services.m.resolution', () => medtech({ eventHub: 'h', fhirService: 'fhir', resolution: 'Guess' })],
    ['$.services.m.strictIdentity', () => medtech({ eventHub: 'h', fhirService: 'fhir', strictIdentity: 'no' })],
    ['$.services.m.deviceMapping', () => medtech({ eventHub: 'h', fhirService: 'fhir', deviceMapping: {} })],
    ['$.services.m.typo', () => medtech({ eventHub: 'h', fhirService: 'fhir', typo: 1 })],
    ['$.services.fhir.subscriptions', () => parse({ fhir: { kind: 'fhir', subscriptions: [] } })],
    ['$.services.fhir.subscriptions.extra', () => parse({ fhir: { kind: 'fhir', subscriptions: { extra: 1 } } })],
    ['$.services.fhir.subscriptions.offAfter', () => parse({ fhir: { kind: 'fhir', subscriptions: { offAfter: 0 } } })],
    ...['localhost', 'http://localhost/path', 'http://*', 'http://LOCALHOST:*', ''].map(
      (origin) =>
        [
          '$.services.fhir.subscriptions.allow',
          () => parse({ fhir: { kind: 'fhir', subscriptions: { allow: [origin] } } }),
        ] as [string, () => unknown],
    ),
  ])('a fault at %s is told by file and place', (place, read) => {
    expect(read).toThrow(`w.json: ${place} must be `);
  });

  it('text that is not JSON and a file that is not there are told', () => {
    expect(() => parseWorkspaceFile('{', 'w.json')).toThrow(/^w.json: not JSON: /);
    expect(() => readWorkspaceFile('nowhere.json')).toThrow('nowhere.json: cannot be read (ENOENT)');
  });
});
