import type { MedtechService } from '../../shared/medtech/service.ts';
import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { renderJsonError } from '../../shared/operations/json-error.ts';
import { medtechOperations } from './operations.ts';

/** MedTech services: their operations, and failures as JSON. */
export const medtechKind: ServiceKind<MedtechService> = {
  kind: 'medtech',
  operations: medtechOperations,
  renderError: renderJsonError,
};
