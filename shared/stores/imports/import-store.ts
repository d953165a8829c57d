/** The port for files that somebody drops to be imported: AHDS's `import-container` and `error-container` of a service. */
export interface ImportStore {
  /** Names of files that are whole, `a/b.dcm`, at most `limit`, in no order. */
  list(limit: number): Promise<readonly string[]>;
  /** Undefined when it has gone meanwhile. */
  read(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** It has been imported. */
  remove(name: string): Promise<void>;
  /** Puts it among the errors, with the reason beside it as `<name>.json`; the place of an earlier one of that name is taken. */
  reject(name: string, reason: string): Promise<void>;
}
