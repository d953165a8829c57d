/** A FHIR service in memory, for tests: versions, conflicts, and failures at will. */
import { formatJson, parseJsonObject } from '../../fhir/resource/json.ts';
import type { Resource } from '../../fhir/resource/types.ts';
import {
  type Current,
  type FhirPort,
  FhirUnavailable,
  hasIdentifier,
  type Identifier,
  type Saved,
} from '../persist/fhir-port.ts';

export class MemoryFhir implements FhirPort {
  readonly versions = new Map<string, (string | undefined)[]>();
  /** Called before each call; throws what the service is to fail with. */
  before: (call: 'search' | 'read' | 'create' | 'replace' | 'check', resource?: Resource) => void | Promise<void> =
    () => {};

  /** The current resources of a type. */
  all(type: string): Resource[] {
    return [...this.versions.keys()]
      .filter((key) => key.startsWith(`${type}/`))
      .flatMap((key) => this.#current(key)?.resource ?? []);
  }

  /** How many versions there are in all. */
  get writes(): number {
    return [...this.versions.values()].reduce((sum, versions) => sum + versions.length, 0);
  }

  async search(type: string, identifier: Identifier): Promise<Current[]> {
    await this.before('search');
    return [...this.versions.keys()]
      .filter((key) => key.startsWith(`${type}/`))
      .flatMap((key) => this.#current(key) ?? [])
      .filter(({ resource }) => hasIdentifier(resource, identifier));
  }

  async read(type: string, id: string): Promise<Current | undefined> {
    await this.before('read');
    return this.#current(`${type}/${id}`);
  }

  async create(resource: Resource): Promise<Saved> {
    await this.before('create', resource);
    const key = `${resource.resourceType}/${resource.id}`;
    return this.#current(key) ? { done: false } : this.put(resource);
  }

  async replace(resource: Resource, version: string): Promise<Saved> {
    await this.before('replace', resource);
    const key = `${resource.resourceType}/${resource.id}`;
    return this.#current(key)?.version === version ? this.put(resource) : { done: false };
  }

  async check(): Promise<void> {
    await this.before('check');
  }

  put(resource: Resource): Saved {
    return this.#add(`${resource.resourceType}/${resource.id}`, formatJson(resource));
  }

  remove(type: string, id: string): void {
    this.#add(`${type}/${id}`, undefined);
  }

  #add(key: string, text: string | undefined): Saved {
    const versions = this.versions.get(key) ?? [];
    this.versions.set(key, versions);
    return { done: true, version: String(versions.push(text)), contended: false };
  }

  #current(key: string): Current | undefined {
    const versions = this.versions.get(key) ?? [];
    const text = versions.at(-1);
    if (text === undefined) return undefined;
    return { resource: parseJsonObject(Buffer.from(text)) as Resource, version: String(versions.length) };
  }
}

/** What a `before` throws to be a service that is not there. */
export function unavailable(): never {
  throw new FhirUnavailable('The FHIR service is not there.');
}
