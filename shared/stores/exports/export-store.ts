/** The port for files that are given away: written once, or again with the same content, and never needed by the service. */
export interface ExportStore {
  /** Durable and whole once it answers; puts the file in the place of another. Nothing is seen of one that broke off. */
  write(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Undefined when there is no such file. */
  read(name: string): AsyncIterable<Uint8Array> | undefined;
  remove(name: string): Promise<void>;
}

const segment = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/;

/** Throws RangeError unless each segment of the name has 1 to 128 letters, digits and `._-`. */
export function checkExportName(name: string): void {
  if (!name.split('/').every((each) => segment.test(each)))
    throw new RangeError('This is no name of an exported file.');
}
