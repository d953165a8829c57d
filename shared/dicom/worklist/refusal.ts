/** AHDS: what refuses a change of a workitem stands in the body and in `Warning`. */
import { UserError } from '../../operations/errors.ts';
import type { DicomHandler } from '../call.ts';
import { DicomError } from '../errors.ts';
import { warningHeader } from '../warning.ts';
import { type StateCode, stateText } from './procedure-step-state.ts';

/** The handler, with `Warning` on its failures. */
export function refusing(handler: DicomHandler): DicomHandler {
  return async (call) => {
    try {
      return await handler(call);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', ...warningHeader(call, error.message) };
      return { status: error.status, headers, body: error.message };
    }
  };
}

export function refused(code: StateCode): DicomError {
  return new DicomError('invalid', stateText(code));
}
