/** Endpoints → Azure Functions. The only file of the app that knows `@azure/functions`. */
import {
  app,
  type HttpHandler,
  type HttpMethod,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import type { AuditSink } from '../access/audit-record.ts';
import type { Authenticate } from '../access/authenticate.ts';
import type { BackgroundOperation, EventOperation, TimedOperation } from './background.ts';
import { type ClientConnection, clientConnection, watchConnections } from './client-connection.ts';
import type { CorsRules } from './cors.ts';
import type { Endpoint } from './endpoint.ts';
import { systemText, UserError } from './errors.ts';
import type { Answer } from './operation.ts';
import type { AddressRules } from './request-address.ts';
import { bodyLength, travellingBody } from './response-body.ts';
import { serve } from './serve.ts';

export interface AppParts {
  readonly endpoints: readonly Endpoint[];
  readonly background: readonly BackgroundOperation[];
  readonly timed: readonly TimedOperation[];
  readonly events: readonly EventOperation[];
  readonly address: AddressRules;
  readonly authenticate: Authenticate;
  readonly cors?: (serviceName: string) => CorsRules | undefined;
  readonly audit: AuditSink;
  /** Awaited before the first request. */
  readonly start: () => Promise<void>;
  /** Awaited after the last one. */
  readonly stop: () => Promise<void>;
}

/** The setting that names the storage account whose queues carry the background work. */
const queueConnection = 'AzureWebJobsStorage';

/** The setting that names the Event Hubs namespace. */
const eventHubConnection = 'EventHubConnection';

/**
 * For ever: when the retries of a batch are spent the host goes on behind it, and its events are lost. What is wrong with
 * single events never makes a batch fail.
 */
const eventRetry = {
  strategy: 'exponentialBackoff',
  maxRetryCount: -1,
  minimumInterval: { seconds: 1 },
  maximumInterval: { seconds: 30 },
} as const;

/** Registers one Function per endpoint, per queue, per schedule and per Event Hub that is read. */
export function registerApp(parts: AppParts): void {
  app.setup({ enableHttpStream: true });
  watchConnections();
  for (const endpoint of parts.endpoints) {
    app.http(endpoint.name, {
      methods: [...endpoint.methods] satisfies HttpMethod[],
      authLevel: 'anonymous',
      // Without a route the host would take the Function's name as one.
      route: endpoint.template.text || '/',
      handler: httpHandler(endpoint, parts),
    });
  }
  for (const { name, run } of parts.background) {
    app.storageQueue(name, {
      queueName: name,
      connection: queueConnection,
      // The host parses a message that is JSON.
      handler: (message) => reported(run(typeof message === 'string' ? message : JSON.stringify(message))),
    });
  }
  for (const { name, schedule, run } of parts.timed) app.timer(name, { schedule, handler: () => reported(run()) });
  for (const { name, eventHub, consumerGroup, run } of parts.events) {
    const trigger = {
      connection: eventHubConnection,
      eventHubName: eventHub,
      consumerGroup,
      cardinality: 'many' as const,
      // Without it the host makes text of the bytes.
      dataType: 'binary',
    };
    app.eventHub(name, {
      ...trigger,
      retry: eventRetry,
      handler: (bodies, context) => reported(run(bodies, context.triggerMetadata ?? {})),
    });
  }
  app.hook.appStart(parts.start);
  app.hook.appTerminate(parts.stop);
}

/** The host logs what is thrown to it, and a user error's text may quote data. */
function reported(running: Promise<void>): Promise<void> {
  return running.catch((error: unknown) => {
    throw error instanceof UserError ? new Error(systemText(error)) : error;
  });
}

/** The last resort answers without a body: whatever happens, nothing is thrown to the host. */
function httpHandler(endpoint: Endpoint, parts: AppParts): HttpHandler {
  return async (request, context) => {
    try {
      const connection = clientConnection(context.invocationId);
      const answer = await serve(endpoint, request, {
        address: parts.address,
        authenticate: parts.authenticate,
        connection,
        ...(parts.cors && { cors: parts.cors }),
        audit: (record) => parts.audit(JSON.stringify(record), (line) => context.log(line)),
        logError: (text) => context.error(text),
      });
      return responseOf(answer, request.method, connection, context);
    } catch (error) {
      context.error(`${endpoint.name} could not answer: ${systemText(error)}`);
      return { status: 500 };
    }
  };
}

function responseOf(
  answer: Answer,
  method: string,
  connection: ClientConnection | undefined,
  context: InvocationContext,
): HttpResponseInit {
  const { status, body } = answer;
  const headers: Record<string, string> = { ...answer.headers };
  const length = bodyLength(body);
  if (length !== undefined && status !== 204 && status !== 304) headers['Content-Length'] = String(length);
  if (body === undefined || method === 'HEAD') return { status, headers };
  const onFailure = (error: unknown) => context.error(`${context.functionName} broke off: ${systemText(error)}`);
  return { status, headers, body: travellingBody(body, connection, onFailure) };
}
