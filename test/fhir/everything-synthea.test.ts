/** `$everything` and `$lastn` over real patients, through fhir-kit-client. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../shared/fhir/definitions/load.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';

const folder = sharedData('synthea/blaze-synthea');

interface Resource {
  readonly resourceType: string;
  readonly id: string;
}
interface Bundle {
  readonly entry?: readonly { readonly resource: Resource }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}
const keyOf = ({ resourceType, id }: Resource) => `${resourceType}/${id}`;

describe.skipIf(!folder)(
  'EverythingOperation: Synthea patients (skipped where the shared test data is missing)',
  () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-everything-'));
    const stored: Resource[] = [];
    let server: LocalServer;
    let client: Client;

    beforeAll(async () => {
      const workspaceFile = path.join(dataDir, 'workspace.json');
      writeFileSync(
        workspaceFile,
        JSON.stringify({ name: 's', services: { fhir: { kind: 'fhir', maxBundleEntries: 5000 } } }),
      );
      server = await startLocalServer({ dataDir, env: { WORKSPACE_FILE: workspaceFile } });
      client = new Client({ baseUrl: `${server.url}/fhir` });
      const files = readdirSync(String(folder)).filter((file) => file.endsWith('.json.gz'));
      const common = files.filter((file) => /hospital|practitioner/i.test(file)).sort();
      const patients = files.filter((file) => !common.includes(file)).sort();
      for (const file of [...common, ...patients.slice(0, 3)]) {
        const body = JSON.parse(gunzipSync(readFileSync(path.join(String(folder), file))).toString());
        const answer = (await (body.type === 'batch'
          ? client.batch({ body })
          : client.transaction({ body }))) as unknown;
        if (common.includes(file)) continue;
        const entries = (answer as { entry: { resource?: Resource; response: { location?: string } }[] }).entry;
        for (const { resource } of entries) if (resource) stored.push(resource);
      }
    });
    afterAll(async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });

    const patients = () => stored.filter(({ resourceType }) => resourceType === 'Patient');

    /** What HL7's definition puts into the compartment: the types it names that mention the patient. */
    const expectedOf = (patient: Resource) => {
      const members = loadDefinitions().compartments.get('Patient')?.members ?? new Map<string, unknown>();
      const mentions = (resource: Resource) => JSON.stringify(resource).includes(`"Patient/${patient.id}"`);
      const inside = stored.filter((resource) => members.has(resource.resourceType) && mentions(resource)).map(keyOf);
      const devices = stored.filter((resource) => resource.resourceType === 'Device' && mentions(resource)).map(keyOf);
      return [keyOf(patient), ...inside, ...devices].sort();
    };

    async function everythingOf(patient: Resource, input?: Record<string, string>): Promise<Resource[]> {
      const found: Resource[] = [];
      const options = {
        name: 'everything',
        resourceType: 'Patient',
        id: patient.id,
        method: 'get',
        ...(input && { input }),
      };
      let bundle = (await client.operation(options as Parameters<Client['operation']>[0])) as unknown as
        | Bundle
        | undefined;
      while (bundle) {
        found.push(...(bundle.entry ?? []).map(({ resource }) => resource));
        bundle = (await client.nextPage({ bundle: bundle as never })) as unknown as Bundle | undefined;
      }
      return found;
    }

    it('each of the patients has every resource of its compartment, each exactly once over all pages', async () => {
      expect(patients()).toHaveLength(3);
      for (const patient of patients()) {
        const found = await everythingOf(patient, { _count: '100' });
        const own = found.map(keyOf).filter((key) => !/^(Organization|Practitioner|PractitionerRole)\//.test(key));
        expect(own.length).toBeGreaterThan(50);
        expect(own.sort()).toEqual(expectedOf(patient));
      }
    });

    it("AHDS's pages of ten give the same", async () => {
      const [patient] = patients().toSorted((one, other) => expectedOf(one).length - expectedOf(other).length);
      if (!patient) throw new Error('There is no patient.');
      const keys = async (input?: Record<string, string>) => (await everythingOf(patient, input)).map(keyOf).sort();
      expect(await keys()).toEqual(await keys({ _count: '1000' }));
    });

    it('resources come as they are stored', async () => {
      const [patient] = patients();
      if (!patient) throw new Error('There is no patient.');
      const [first] = await everythingOf(patient, { _count: '1000', _type: 'Observation' });
      if (!first) throw new Error('There is no observation.');
      expect(await client.read({ resourceType: first.resourceType, id: first.id })).toEqual(first);
    });

    it('$lastn gives the latest of each code that the patient has, as the observations themselves say', async () => {
      for (const patient of patients()) {
        const url = `${server.url}/fhir/Observation/$lastn?patient=${patient.id}&category=laboratory,vital-signs,survey&max=1`;
        const bundle = (await (await fetch(url)).json()) as { entry?: { resource: Observation }[] };
        const expected = latestOf(
          (stored as unknown as Observation[]).filter(
            ({ resourceType, subject, category }) =>
              resourceType === 'Observation' &&
              subject.reference === `Patient/${patient.id}` &&
              ['laboratory', 'vital-signs', 'survey'].includes(String(category[0]?.coding[0]?.code)),
          ),
        ).map(({ id }) => id);
        expect(expected.length).toBeGreaterThan(5);
        expect((bundle.entry ?? []).map(({ resource }) => resource.id).sort()).toEqual(expected.sort());
      }
    });
  },
);

interface Observation extends Resource {
  readonly subject: { readonly reference: string };
  readonly category: readonly { readonly coding: readonly { readonly code: string }[] }[];
  readonly code: { readonly coding: readonly { readonly code: string }[] };
  readonly effectiveDateTime: string;
}

/** Those as late as the latest among all that share a code with it, or share one with those that do. */
function latestOf(observations: readonly Observation[]): Observation[] {
  const codesOf = ({ code }: Observation) => code.coding.map((coding) => coding.code);
  const near = (codes: ReadonlySet<string>) => {
    const reached = observations.filter((each) => codesOf(each).some((code) => codes.has(code))).flatMap(codesOf);
    return new Set([...codes, ...reached]);
  };
  return observations.filter((observation) => {
    let codes = new Set(codesOf(observation));
    for (let more = near(codes); more.size > codes.size; more = near(codes)) codes = more;
    const group = observations.filter((each) => codesOf(each).some((code) => codes.has(code)));
    const latest = Math.max(...group.map(({ effectiveDateTime }) => Date.parse(effectiveDateTime)));
    return Date.parse(observation.effectiveDateTime) === latest;
  });
}
