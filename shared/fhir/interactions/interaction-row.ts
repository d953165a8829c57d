/**
 * The FHIR interactions as rows. The HTTP operations (`functions/fhir/operations.ts`), the entries of bundles and the
 * CapabilityStatement are made from them, so that an interaction exists in all three or in none.
 */
import type { DataAction } from '../../access/data-actions.ts';
import type { Method } from '../../operations/operation.ts';
import type { Interaction } from './interaction.ts';

export interface InteractionRow {
  /** `search-type`: the code that FHIR gives the interaction, or AHDS's name of the operation. */
  readonly name: string;
  readonly method: Method;
  /**
   * Behind the service's segment; `{type}`, `{id}` and `{vid}` stand for one segment each, so do `{compartment}` and `{member}`:
   * a type in a compartment, or `*`. A type that stands there itself, `Patient/$member-match`, is the
   * request's type. `OperationDefinition/{operation}` describes an advertised operation, to everybody; the stored ones have any
   * other id, `{otherId}`, so that a read of another type is `{otherType}`.
   */
  readonly path: string;
  readonly access: 'public' | readonly (readonly DataAction[])[];
  /** `optional`: a resource or nothing. */
  readonly body: 'none' | 'resource' | 'optional' | 'form' | 'patch';
  readonly interaction: Interaction;
}
