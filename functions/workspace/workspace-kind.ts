import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { renderJsonError } from '../../shared/operations/json-error.ts';
import { type Workspace, workspaceOperations } from './operations.ts';

/** What stands at the workspace's root, and failures at addresses that belong to no service. */
export const workspaceKind: ServiceKind<Workspace> = {
  kind: 'workspace',
  operations: workspaceOperations,
  renderError: renderJsonError,
};
