import type { MedtechService } from '../../shared/medtech/service.ts';
import type { Operation } from '../../shared/operations/operation.ts';

/** One Function for each operation of the mapping tool. */
export const medtechOperations: readonly Operation<MedtechService>[] = [];
