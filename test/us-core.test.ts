/**
 * US Core 3.1.1's searches on the wire, from Inferno's machine-readable requirements: for every search and combination a
 * stored resource gives the values, the service runs it, and the resource must be among the matches.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createGunzip, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readTar } from '../shared/fhir/definitions/generate/tar.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir/fhir-requests.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { sharedData } from './shared-data.ts';

// biome-ignore lint/suspicious/noExplicitAny: resources and requirements are read as they are.
type Json = any;

const usCore = sharedData('us-core');
const synthea = sharedData('synthea');

interface Requirement {
  readonly profile: string;
  readonly type: string;
  readonly expectation: string;
  readonly names: readonly string[];
}

const folder = path.join(usCore ?? '', 'inferno-metadata-v3.1.1');
const profiles: Json[] = usCore
  ? readdirSync(folder).map((file) => parse(readFileSync(path.join(folder, file), 'utf8')))
  : [];
const requirements = profiles.flatMap((profile): Requirement[] =>
  profile[':searches'].map((search: Json) => ({
    profile: profile[':name'],
    type: profile[':resource'],
    expectation: search[':expectation'],
    names: search[':names'],
  })),
);
const profileOf = (name: string): Json => profiles.find((profile) => profile[':name'] === name);

/** Patients of the Synthea data, besides its organizations and practitioners. */
const patients = ['6c8f3e83', '8708d3e1', '53eac4c0'];
/** Sources that are tried for each search. */
const mostSources = 3;

let server: LocalServer;
let send: Send;
/** As the service has stored them. */
const stored: Json[] = [];
const refused: string[] = [];

async function load(): Promise<void> {
  const archive = createReadStream(path.join(usCore ?? '', 'us_core_610.tgz')).pipe(createGunzip());
  for await (const { bytes } of readTar(archive, (name) => /^package\/example\/[^/]+\.json$/.test(name))) {
    const resource = JSON.parse(Buffer.from(bytes).toString());
    if (resource.resourceType === 'Bundle') continue;
    const { status, body } = await send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    if (status === 201) stored.push(body);
    else refused.push(`${resource.resourceType}/${resource.id}: ${JSON.stringify(body.issue)}`);
  }
  const inner = path.join(synthea ?? '', 'blaze-synthea');
  const files = readdirSync(inner).filter(
    (file) => file.startsWith('0-') || patients.some((id) => file.startsWith(id)),
  );
  for (const file of files.sort()) {
    const { status, body } = await send('POST', '', gunzipSync(readFileSync(path.join(inner, file))).toString());
    expect([file, status]).toEqual([file, 200]);
    for (const { response } of body.entry) {
      const [, type, id] = /([A-Za-z]+)\/([^/]+)\/_history/.exec(response.location) ?? [];
      stored.push((await send('GET', `/${type}/${id}`)).body);
    }
  }
}

function sourcesOf(profile: Json): Json[] {
  const last = (url: string) => url.replace(/\|.*$/, '').split('/').at(-1);
  const named = (resource: Json) =>
    (resource.meta?.profile ?? []).some((url: string) => last(url) === last(profile[':profile_url']));
  return stored.filter((resource) => resource.resourceType === profile[':resource'] && named(resource));
}

/** The values at `name.family`; `effective` finds `effectiveDateTime`. */
function valuesAt(resource: Json, steps: readonly string[]): Json[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [resource];
  const key =
    step in resource ? step : Object.keys(resource).find((each) => each.replace(/[A-Z][A-Za-z]*$/, '') === step);
  const found = key === undefined ? [] : [resource[key]].flat();
  return found.flatMap((value) => (value === null ? [] : valuesAt(value, rest)));
}

/** What a client would write to find the value. */
function textsFor(value: Json, comparators: readonly string[]): string[] {
  if (typeof value === 'string' && /^\d{4}(-|$)/.test(value)) return datesFor(value, value, comparators);
  if (typeof value !== 'object') return [escaped(String(value))];
  if (value.start) return datesFor(value.start, value.end ?? value.start, comparators);
  if (value.reference) return [value.reference, value.reference.split('/').at(-1)];
  const coding = value.coding?.[0] ?? (value.code ? value : undefined);
  if (coding) return [coded(coding.system, coding.code), coding.code];
  if (value.value) return [coded(value.system, value.value), escaped(value.value)];
  const words = [value.family, ...(value.given ?? []), value.city, ...(value.line ?? []), value.postalCode, value.text];
  return words.filter((word) => word !== undefined).map(escaped);
}

function datesFor(start: string, end: string, comparators: readonly string[]): string[] {
  const shifted = (date: string, days: number) =>
    new Date(Date.parse(date.slice(0, 10)) + days * 86_400_000).toISOString().slice(0, 10);
  const compared = comparators.map((prefix) =>
    prefix === 'gt' || prefix === 'ge' ? `${prefix}${shifted(start, -2)}` : `${prefix}${shifted(end, 2)}`,
  );
  return [start, utcDay(start), ...compared];
}

/** A day without a zone is one of UTC, in AHDS and here. */
const utcDay = (date: string) => (date.length <= 10 ? date : new Date(date).toISOString().slice(0, 10));
const coded = (system: string | undefined, code: string) =>
  `${system === undefined ? '' : `${system}|`}${escaped(code)}`;
const escaped = (text: string) => text.replace(/[\\,|$]/g, '\\$&');

/** Every way to ask for the resource by one parameter; empty when it has no value. */
function waysToAsk(profile: Json, name: string, resource: Json): string[] {
  const definition = profile[':search_definitions'][`:${name}`];
  const comparators = Object.entries(definition[':comparators'] ?? {})
    .filter(([, expectation]) => expectation === 'SHALL')
    .map(([prefix]) => prefix.slice(1));
  const texts = definition[':paths'].flatMap((at: string) =>
    valuesAt(resource, at.split('.')).flatMap((value) => textsFor(value, comparators)),
  );
  if (texts.length === 0 || definition[':multiple_or'] !== 'SHALL') return texts;
  return [...texts, [...new Set([texts[0], ...definition[':values']])].join(',')];
}

/** Each way of each parameter at least once, not every combination of ways. */
function queriesFor(profile: Json, names: readonly string[], resource: Json): string[] {
  const ways = names.map((name) => waysToAsk(profile, name, resource));
  if (ways.some((texts) => texts.length === 0)) return [];
  const most = Math.max(...ways.map((texts) => texts.length));
  return Array.from({ length: most }, (_, at) =>
    names
      .map((name, which) => `${name}=${encodeURIComponent(ways[which]?.[at % (ways[which]?.length ?? 1)] ?? '')}`)
      .join('&'),
  );
}

const keysOf = ({ body }: FhirAnswer, mode: string): string[] =>
  (body.entry ?? [])
    .filter((entry: Json) => entry.search.mode === mode)
    .map(({ resource }: Json) => `${resource.resourceType}/${resource.id}`);

describe.skipIf(!usCore || !synthea)('US Core searches (skipped where the shared test data is missing)', () => {
  beforeAll(async () => {
    server = await startLocalServer();
    send = fhirRequests(`${server.url}/fhir`);
    await load();
  }, 120_000);
  afterAll(() => server.stop());

  it('US Core’s examples are stored, all of them', () => {
    expect(refused).toEqual([]);
    expect(stored.length).toBeGreaterThan(500);
  });

  it('the requirements are these many', () => {
    const shall = requirements.filter(({ expectation }) => expectation === 'SHALL');
    expect([profiles.length, shall.length, requirements.length]).toEqual([29, 72, 125]);
  });

  const titled = requirements.map(
    (requirement) =>
      [`${requirement.expectation} ${requirement.profile}: ${requirement.names.join(' + ')}`, requirement] as const,
  );
  it.each(titled)('%s finds its source', async (_, { profile: name, type, names }) => {
    const profile = profileOf(name);
    const sources = sourcesOf(profile)
      .map((resource) => ({ resource, queries: queriesFor(profile, names, resource) }))
      .filter(({ queries }) => queries.length > 0)
      .slice(0, mostSources);
    expect(sources.length, 'resources that have all values').toBeGreaterThan(0);
    for (const { resource, queries } of sources) {
      for (const query of queries) {
        const answer = await send('GET', `/${type}?${query}&_count=1000`, undefined, { Prefer: 'handling=strict' });
        expect([query, answer.status]).toEqual([query, 200]);
        expect(keysOf(answer, 'match'), query).toContain(`${type}/${resource.id}`);
      }
      const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const posted = await send('POST', `/${type}/_search`, `${queries[0]}&_count=1000`, form);
      expect(keysOf(posted, 'match')).toContain(`${type}/${resource.id}`);
    }
  });

  const including = profiles.flatMap((profile) => [
    ...profile[':include_params'].map((value: string) => [profile[':name'], '_include', value]),
    ...profile[':revincludes'].map((value: string) => [profile[':name'], '_revinclude', value]),
  ]);

  it.each(including)('%s: %s=%s', async (name, parameter, value) => {
    const profile = profileOf(name);
    const type = profile[':resource'];
    const [, code] = value.split(':');
    const refers = (resource: Json) =>
      parameter === '_revinclude' || /^[A-Z]/.test(resource[`${code}Reference`]?.reference ?? '');
    const source = sourcesOf(profile).find(refers);
    let expected = source[`${code}Reference`]?.reference;
    if (parameter === '_revinclude') {
      const made = await send('POST', '/Provenance', {
        resourceType: 'Provenance',
        target: [{ reference: `${type}/${source.id}` }],
        recorded: '2024-01-01T00:00:00Z',
        agent: [{ who: { display: 'test' } }],
      });
      expected = `Provenance/${made.body.id}`;
    }
    const answer = await send('GET', `/${type}?_id=${source.id}&${parameter}=${value}`);
    expect(keysOf(answer, 'match')).toEqual([`${type}/${source.id}`]);
    expect(keysOf(answer, 'include')).toContain(expected);
  });
});
