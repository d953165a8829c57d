/**
 * The FHIR service of this process. Writes go the way of its own interactions: what is written is validated, indexed,
 * versioned, told to subscriptions, and audited as the MedTech service's doing.
 */
import { randomUUID } from 'node:crypto';
import { type AuditRecord, auditRecords } from '../../access/audit-record.ts';
import type { Principal } from '../../access/principal.ts';
import { etagOf } from '../../fhir/etag.ts';
import type { FhirRequest, FhirResponse } from '../../fhir/interactions/interaction.ts';
import { planNewVersion } from '../../fhir/interactions/new-version.ts';
import { update } from '../../fhir/interactions/update.ts';
import { write } from '../../fhir/interactions/write-plan.ts';
import { FhirError } from '../../fhir/outcome.ts';
import { parseStored } from '../../fhir/resource/text.ts';
import type { Resource } from '../../fhir/resource/types.ts';
import type { FhirService } from '../../fhir/service.ts';
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { MedtechError } from '../errors.ts';
import {
  type Current,
  type FhirPort,
  FhirUnavailable,
  hasIdentifier,
  type Identifier,
  type Saved,
} from './fhir-port.ts';

export interface LocalFhirOptions {
  readonly service: FhirService;
  /** Absolute URL of the FHIR service. */
  readonly base: string;
  /** Who writes, for the audit record: `medtech/<service>`. */
  readonly who: string;
  readonly audit: (record: AuditRecord) => void;
}

/** Matches that are looked at; two are too many already. */
const most = 10;
const conflicts: readonly string[] = ['conflict', 'precondition-failed', 'not-found', 'deleted'];
const transient: readonly string[] = ['throttled', 'unavailable', 'timeout'];

export class LocalFhir implements FhirPort {
  readonly #options: LocalFhirOptions;
  readonly #principal: Principal;

  constructor(options: LocalFhirOptions) {
    this.#options = options;
    this.#principal = { id: options.who, allows: () => true };
  }

  async search(type: string, identifier: Identifier): Promise<Current[]> {
    const { value, system } = identifier;
    const test = { kind: 'token', code: value, ...(system !== undefined && { system }) } as const;
    const query = { types: [type], where: { kind: 'value', param: `${type}.identifier`, test }, sort: [] } as const;
    const { matches } = await this.#reach(() => this.#options.service.store.search(query, most));
    return matches.map(currentOf).filter(({ resource }) => hasIdentifier(resource, identifier));
  }

  async read(type: string, id: string): Promise<Current | undefined> {
    const stored = await this.#reach(() => this.#options.service.store.read({ type, id }));
    return stored && !stored.deleted ? currentOf(stored) : undefined;
  }

  create(resource: Resource): Promise<Saved> {
    return this.#save(resource, {}, (request) =>
      write(request, async () => {
        const { resourceType: type, id = '' } = resource;
        const current = await request.service.store.read({ type, id });
        if (current && !current.deleted) throw new FhirError('conflict', 'The resource is there already.');
        return planNewVersion(request, resource, id, current, 'PUT');
      }),
    );
  }

  replace(resource: Resource, version: string): Promise<Saved> {
    return this.#save(resource, { 'if-match': etagOf(Number(version)) }, update);
  }

  check(): Promise<void> {
    return this.#reach(() => this.#options.service.store.check());
  }

  async #save(
    resource: Resource,
    headers: Readonly<Record<string, string>>,
    put: (request: FhirRequest) => Promise<FhirResponse>,
  ): Promise<Saved> {
    const started = Date.now();
    const request = this.#request(resource, headers);
    try {
      const response = await this.#reach(() => put(request));
      this.#audit(request, response.status, started);
      return { done: true, version: versionOf(response), contended: false };
    } catch (error) {
      if (!(error instanceof FhirError)) throw error;
      this.#audit(request, error.status, started);
      if (conflicts.includes(error.code)) return { done: false };
      throw new MedtechError(
        'FhirResourceRefusedException',
        error.issues.map(({ diagnostics }) => diagnostics).join(' '),
      );
    }
  }

  #request(resource: Resource, headers: Readonly<Record<string, string>>): FhirRequest {
    const { service, base } = this.#options;
    const all: Readonly<Record<string, string>> = { prefer: 'return=minimal', ...headers };
    return {
      service,
      method: 'PUT',
      type: resource.resourceType,
      ...(resource.id !== undefined && { id: resource.id }),
      query: [],
      header: (name) => all[name],
      resource,
      base,
      principal: this.#principal,
      requestId: randomUUID(),
      audit: { resourceType: resource.resourceType, ...(resource.id !== undefined && { resourceId: resource.id }) },
    };
  }

  #audit({ requestId, audit, service }: FhirRequest, status: number, started: number): void {
    const path = `/${service.name}/${audit.resourceType}/${audit.resourceId}`;
    const [record] = auditRecords(audit, {
      time: new Date(started).toISOString(),
      requestId,
      service: service.name,
      who: this.#options.who,
      operation: 'fhir-update',
      method: 'PUT',
      path,
      status,
      durationMs: Date.now() - started,
    });
    this.#options.audit(record);
  }

  /** A user error is the service's answer; anything else, and what is for a while only, is that it cannot answer. */
  async #reach<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof FhirError && !transient.includes(error.code)) throw error;
      throw new FhirUnavailable(`The FHIR service ${this.#options.service.name} failed.`, { cause: error });
    }
  }
}

function currentOf(stored: StoredResource): Current {
  return { resource: parseStored(stored), version: String(stored.version) };
}

function versionOf({ etag }: FhirResponse): string {
  return /"(.*)"/.exec(etag ?? '')?.[1] ?? '';
}
