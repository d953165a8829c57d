import { deadLetterOperations } from '../../shared/medtech/dead-letter/operations.ts';
import { mappingToolOperations } from '../../shared/medtech/mapping-tool/operations.ts';
import type { MedtechService } from '../../shared/medtech/service.ts';
import type { Operation } from '../../shared/operations/operation.ts';

/** One Function for each operation. */
export const medtechOperations: readonly Operation<MedtechService>[] = [
  ...mappingToolOperations,
  ...deadLetterOperations,
];
