import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionRegistry } from '../core/function-registry.ts';
import type { RouteMatch } from './route-table.ts';

/** A request that a Function answers. */
export interface Exchange {
  readonly registry: FunctionRegistry;
  readonly match: RouteMatch;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Absolute, valid. */
  readonly url: URL;
  readonly invocationId: string;
}

/** How an exchange gets from the server to the Function and back. Resolves when the answer has been handed over. */
export type Way = (exchange: Exchange) => Promise<void>;
