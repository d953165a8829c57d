import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { UserError } from '../../shared/operations/errors.ts';
import { type Workspace, workspaceOperations } from './operations.ts';

/** What stands at the workspace's root, and failures at addresses that belong to no service. */
export const workspaceKind: ServiceKind<Workspace> = {
  kind: 'workspace',
  operations: workspaceOperations,
  renderError: (error, { requestId }) => {
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
  },
};
