/**
 * The part of `@azure/functions-core` that the Functions library asks of its worker. The package is on no registry: the
 * worker, here the local host, supplies it.
 */
export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
  /** Trigger options as the app gave them: `route`, `methods`, `schedule`, `queueName` … */
  readonly [option: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: RetryOptions;
}

/** What the host does when a batch of events has failed. */
export interface RetryOptions {
  /** -1: for ever. */
  readonly maxRetryCount: number;
  readonly retryStrategy: 'fixedDelay' | 'exponentialBackoff';
  readonly delayInterval?: RetryInterval;
  readonly minimumInterval?: RetryInterval;
  readonly maximumInterval?: RetryInterval;
}

interface RetryInterval {
  readonly seconds?: number;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

/** A trigger's data in the shapes of the worker's protocol. */
export type TypedData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly bytes: Uint8Array }
  | { readonly collectionBytes: { readonly bytes: readonly Uint8Array[] } };

export interface CoreInvocation {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly request: {
    readonly invocationId: string;
    readonly inputData: readonly { readonly name: string; readonly data: TypedData | Record<string, unknown> }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  };
  readonly log: (level: LogLevel, category: string, message: string) => void;
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}

export interface ProgrammingModel {
  getInvocationModel(invocation: CoreInvocation): InvocationModel;
  /** In streaming mode this opens the library's HTTP server and tells its address as `HttpUri`. */
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type HookCallback = (context: Record<string, unknown>) => unknown;

export interface Disposable {
  dispose(): void;
}
