/**
 * Audit records on this machine: one JSON line each, appended to a file that its owner alone can read. A full file, and
 * yesterday's, is put aside under the moment at which that happened; nothing is ever removed.
 */
import { mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';

export interface AuditFile {
  write(line: string): void;
  /** Resolves when every line so far is in the file. */
  close(): Promise<void>;
}

const flushAfterMs = 200;
/** After a failure: the disk may be full. */
const retryAfterMs = 5000;
/** Lines that wait for the disk; of more, only their number is kept. */
const maxWaiting = 100_000;
const defaultMaxBytes = 64 * 1024 * 1024;

/** Appends in batches, so that no request waits for the disk. */
export async function openAuditFile(
  file: string,
  { maxBytes = defaultMaxBytes, now = () => new Date() }: { maxBytes?: number; now?: () => Date } = {},
): Promise<AuditFile> {
  await mkdir(path.dirname(file), { recursive: true });
  let handle = await open(file, 'a', 0o600);
  const { size, mtime } = await handle.stat();
  let bytes = size;
  let day = dayOf(size > 0 ? mtime : now());
  let lines: string[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const putAside = async () => {
    const moment = now();
    await rename(file, await unusedName(file, moment)).catch(unlessAbsent);
    // Until there is a new file, the old one takes the records.
    const next = await open(file, 'a', 0o600);
    await handle.close();
    handle = next;
    bytes = 0;
    day = dayOf(moment);
  };
  const append = async (batch: string[]) => {
    try {
      if (bytes > 0 && (bytes >= maxBytes || dayOf(now()) !== day)) await putAside();
      if (dropped > 0) batch.unshift(JSON.stringify({ time: now().toISOString(), lostRecords: dropped }));
      const text = Buffer.from(`${batch.join('\n')}\n`);
      await handle.appendFile(text);
      bytes += text.length;
      dropped = 0;
    } catch (error) {
      console.error(`Audit records could not be written to ${file}:`, error);
      lines = [...batch, ...lines];
      timer ??= setTimeout(flush, retryAfterMs);
    }
  };
  const flush = () => {
    timer = undefined;
    if (lines.length === 0) return;
    const batch = lines;
    lines = [];
    writing = writing.then(() => append(batch));
  };

  return {
    write: (line) => {
      if (lines.length >= maxWaiting) dropped += 1;
      else lines.push(line);
      timer ??= setTimeout(flush, flushAfterMs);
    },
    close: async () => {
      clearTimeout(timer);
      flush();
      await writing;
      clearTimeout(timer);
      await handle.close();
    },
  };
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** In UTC. */
function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** `audit-2026-11-25T083000.123Z.ndjson` beside the file; with a number where that is taken. */
async function unusedName(file: string, moment: Date): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  const stamp = moment.toISOString().replaceAll(':', '');
  for (let number = 0; ; number += 1) {
    const candidate = path.join(dir, `${name}-${stamp}${number === 0 ? '' : `-${number}`}${ext}`);
    const taken = await stat(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
