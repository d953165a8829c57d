import type { ServiceKind } from './endpoint.ts';
import { UserError } from './errors.ts';

/** A failure as Azure's APIs word it: `{ "error": { "code", "message" } }`, with the request's id. */
export const renderJsonError: ServiceKind<unknown>['renderError'] = (error, { requestId }) => {
  const known = error instanceof UserError;
  const body = {
    error: {
      code: known ? error.code : 'system',
      message: known ? error.message : 'The request failed inside the service.',
      requestId,
    },
  };
  return {
    status: known ? error.status : 500,
    headers: { ...(known && error.headers), 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
};
