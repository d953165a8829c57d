/**
 * What a store keeps about search parameters besides the resources that define them: in which state each of them is.
 * Committed together with those resources, so that one is never seen without the other.
 */

/** AHDS's words. A parameter of the specification that has no record is `Enabled`. */
export type ParameterState = 'Supported' | 'Enabled' | 'PendingDisable' | 'Disabled' | 'PendingDelete' | 'Deleted';

export interface ParameterRecord {
  /** The canonical URL. */
  readonly url: string;
  readonly state: ParameterState;
  /** Id of the SearchParameter that defines it; null for one of the specification, or when that resource has another url now. */
  readonly resource: string | null;
}

/** `version` is that of the change which wrote the record. */
export type StoredParameter = ParameterRecord & { readonly version: number };

export interface StoredParameters {
  /** Grows with every change of any record; 0 while there is none. */
  readonly version: number;
  readonly records: readonly StoredParameter[];
}

/** A change of records: refused when the version is no longer `at`. Records are never removed. */
export interface ParameterChange {
  readonly at: number;
  readonly set: readonly ParameterRecord[];
}
