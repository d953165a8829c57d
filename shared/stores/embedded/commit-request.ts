/** What goes from the store to its writing thread and back. Plain data: it is copied, and bodies are moved. */
import type { Change, CommitResult, ResourceKey } from '../resources/resource-store.ts';
import type { Fragment } from './compile/fragment.ts';

export interface CommitRequest {
  readonly changes: readonly Change[];
  readonly guards: readonly CompiledGuard[];
}

export interface CompiledGuard {
  readonly search: Fragment;
  readonly found: readonly ResourceKey[];
}

/** To the thread: commits to be made durable together. */
export interface Batch {
  readonly commits: readonly CommitRequest[];
  /** The caller's clock, milliseconds. */
  readonly now: number;
}

/** From the thread: a result per commit in order, or why the whole batch failed. */
export type BatchResult = { readonly results: readonly CommitResult[] } | { readonly failure: string };
