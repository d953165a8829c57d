/**
 * A FHIR interaction without HTTP: request in, response out. A batch sends its entries through the same functions as the
 * HTTP operations do.
 */
import type { Principal } from '../../access/principal.ts';
import type { AuditDetail, Method } from '../../operations/operation.ts';
import type { JsonValue, Resource } from '../resource/types.ts';
import type { FhirService } from '../service.ts';

export interface FhirRequest {
  readonly service: FhirService;
  readonly method: Method;
  /** Path parameters, where the route has them. `type` is not yet known to be a resource type. */
  readonly type?: string;
  /** `Patient` in `Patient/1/Observation`, whose `type` is `Observation` or `*`. */
  readonly compartment?: string;
  readonly id?: string;
  readonly versionId?: string;
  /** Query parameters in order, decoded; of a POST `_search` the form's too. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** A request header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** The parsed body, where the method has one. */
  readonly resource?: Resource;
  /** The body of a patch that is a JSON Patch document; of a FHIRPath Patch, `resource` is the Parameters. */
  readonly jsonPatch?: JsonValue;
  /** Absolute URL of the service: `http://localhost:7071/fhir`. */
  readonly base: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly audit: AuditDetail;
}

export interface FhirResponse {
  readonly status: number;
  readonly etag?: string;
  /** Milliseconds since 1970. */
  readonly lastModified?: number;
  /** Absolute URL. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text in chunks; absent when there is no body. */
  readonly body?: readonly Uint8Array[];
  /** The same as XML, where the body is no resource. */
  readonly xml?: string;
}

export type Interaction = (request: FhirRequest) => Promise<FhirResponse>;
