import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

export interface AuditFile {
  write(line: string): void;
  /** Resolves when every line so far is in the file. */
  close(): Promise<void>;
}

const flushAfterMs = 200;

/** Appends one JSON line per request to `file`, in batches, so that no request waits for the disk. */
export async function openAuditFile(file: string): Promise<AuditFile> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a');
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const flush = () => {
    timer = undefined;
    if (lines.length === 0) return;
    const batch = `${lines.join('\n')}\n`;
    lines = [];
    writing = writing
      .then(() => handle.appendFile(batch))
      .catch((error: unknown) => console.error(`Audit records could not be written to ${file}:`, error));
  };

  return {
    write: (line) => {
      lines.push(line);
      timer ??= setTimeout(flush, flushAfterMs);
    },
    close: async () => {
      clearTimeout(timer);
      flush();
      await writing;
      await handle.close();
    },
  };
}
