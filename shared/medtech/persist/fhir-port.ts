/** The FHIR service as the MedTech service needs it: one in this process, or another one over HTTP. */
import type { Resource } from '../../fhir/resource/types.ts';

export interface Identifier {
  /** Absent: of any system. */
  readonly system?: string;
  readonly value: string;
}

/** A resource as it is. To be changed on a copy only: it may be kept for others. */
export interface Current {
  readonly resource: Resource;
  readonly version: string;
}

/** `done: false`: another writer was first, nothing is written. */
export type Saved =
  | {
      readonly done: true;
      readonly version: string;
      /** It replaced a version that was not known: another writer created the resource at the same time. */
      readonly contended: boolean;
    }
  | { readonly done: false };

/**
 * Every method rejects with `FhirUnavailable` when trying again later may help, with `FhirResourceRefusedException` when the
 * service does not take the resource.
 */
export interface FhirPort {
  /** The resources of a type with an identifier of exactly this system and value; a few of them, where there are many. */
  search(type: string, identifier: Identifier): Promise<readonly Current[]>;
  read(type: string, id: string): Promise<Current | undefined>;
  /** Puts the resource under its id, where it may have been deleted before. */
  create(resource: Resource): Promise<Saved>;
  /** Puts a new version on top of `version`. */
  replace(resource: Resource, version: string): Promise<Saved>;
  /** Resolves when the service as a whole can be reached. */
  check(): Promise<void>;
}

/** The FHIR service cannot answer now: throttled, failed, or not reached. The message holds no data of a resource. */
export class FhirUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FhirUnavailable';
  }
}

/** What a search has found beyond exact matches: some services compare only the beginning of a long value. */
export function hasIdentifier({ identifier: identifiers }: Resource, { system, value }: Identifier): boolean {
  if (!Array.isArray(identifiers)) return false;
  return identifiers.some((each) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return false;
    return each.value === value && (system === undefined || each.system === system);
  });
}
