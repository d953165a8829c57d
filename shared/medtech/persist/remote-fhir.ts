/**
 * A FHIR service over HTTP, this project's or AHDS's. Resources are read and written as texts, so that decimals keep their
 * digits, which a client that parses with JSON.parse would lose.
 */
import { formatJson, isObject, parseJsonObject } from '../../fhir/resource/json.ts';
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import { MedtechError } from '../errors.ts';
import {
  type Current,
  type FhirPort,
  FhirUnavailable,
  hasIdentifier,
  type Identifier,
  type Saved,
} from './fhir-port.ts';

export interface RemoteFhirOptions {
  /** Without a slash at the end. */
  readonly url: string;
  /** The bearer token of a request; undefined: none is needed. */
  readonly token?: () => Promise<string | undefined>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject | undefined;
}

const requestMs = 60_000;
/** Pages of a search for one identifier. */
const mostPages = 10;
const transient = [401, 403, 408, 429];

export class RemoteFhir implements FhirPort {
  readonly #url: string;
  readonly #token: () => Promise<string | undefined>;

  constructor({ url, token = async () => undefined }: RemoteFhirOptions) {
    this.#url = url;
    this.#token = token;
  }

  async search(type: string, identifier: Identifier): Promise<Current[]> {
    const { system, value } = identifier;
    const token = (system === undefined ? [value] : [system, value]).map(escaped).join('|');
    const found: Current[] = [];
    let next: string | undefined = `${this.#url}/${type}?identifier=${encodeURIComponent(token)}`;
    for (let page = 0; next !== undefined && page < mostPages; page += 1) {
      const { status, body }: Answer = await this.#send('GET', next);
      if (status !== 200 || !body) throw refused(status);
      const entries = listOf(body.entry).flatMap(({ resource }) => (isObject(resource) ? [resource as Resource] : []));
      found.push(
        ...entries.filter((each) => each.resourceType === type && hasIdentifier(each, identifier)).map(currentOf),
      );
      const link = listOf(body.link).find(({ relation }) => relation === 'next')?.url;
      next = typeof link === 'string' && new URL(link).origin === new URL(this.#url).origin ? link : undefined;
    }
    return found;
  }

  async read(type: string, id: string): Promise<Current | undefined> {
    const { status, body } = await this.#send('GET', `${this.#url}/${type}/${encodeURIComponent(id)}`);
    if (status === 404 || status === 410) return undefined;
    if (status !== 200 || !body) throw refused(status);
    return currentOf(body as Resource);
  }

  async create(resource: Resource): Promise<Saved> {
    const saved = await this.#put(resource, {});
    // What was not created stands on top of another writer's, or of one that was deleted, which cannot be told apart.
    return saved.done && !saved.created ? { ...saved, contended: true } : saved;
  }

  replace(resource: Resource, version: string): Promise<Saved> {
    return this.#put(resource, { 'If-Match': `W/"${version}"` });
  }

  async check(): Promise<void> {
    await this.#send('GET', `${this.#url}/metadata?_summary=true`);
  }

  async #put(resource: Resource, headers: Record<string, string>): Promise<Saved & { readonly created?: boolean }> {
    const url = `${this.#url}/${resource.resourceType}/${resource.id}`;
    const { status, headers: answered, body } = await this.#send('PUT', url, formatJson(resource), headers);
    if (status === 409 || status === 412 || status === 404 || status === 410) return { done: false };
    if (status !== 200 && status !== 201) throw refused(status, body);
    const version =
      /"(.*)"/.exec(answered.get('etag') ?? '')?.[1] ?? String((body?.meta as JsonObject)?.versionId ?? '');
    return { done: true, version, contended: false, created: status === 201 };
  }

  /** Rejects with `FhirUnavailable` for no answer, and for one that may be another one later. */
  async #send(method: string, url: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    try {
      const token = await this.#token();
      const response = await fetch(url, {
        method,
        headers: {
          Accept: 'application/fhir+json',
          ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(requestMs),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { status } = response;
      if (status >= 500 || transient.includes(status)) throw new Error(`It answers ${status}.`);
      return { status, headers: response.headers, body: bytes.length > 0 ? parseJsonObject(bytes) : undefined };
    } catch (error) {
      throw new FhirUnavailable(`The FHIR service at ${this.#url} cannot be reached.`, { cause: error });
    }
  }
}

/** FHIR R4 3.1.1.4: what divides the parts of a parameter's value is escaped inside of them. */
function escaped(text: string): string {
  return text.replace(/[\\,$|]/g, '\\$&');
}

function currentOf(resource: Resource): Current {
  return { resource, version: String(resource.meta?.versionId ?? '') };
}

function listOf(value: JsonObject[string]): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function refused(status: number, outcome?: JsonObject): MedtechError {
  const issues = listOf(outcome?.issue).flatMap(({ diagnostics }) =>
    typeof diagnostics === 'string' ? [diagnostics] : [],
  );
  return new MedtechError(
    'FhirResourceRefusedException',
    `The FHIR service answers ${status}. ${issues.join(' ')}`.trim(),
  );
}
