/**
 * Bulk import: files that are dropped into the service's import container are stored as by STOW and removed; those that
 * cannot be are put into its error container with the reason. Source: AHDS, bulk import.
 */
import type { InstanceKey } from '../../stores/imaging/imaging-index.ts';
import type { ImportStore } from '../../stores/imports/import-store.ts';
import { defaultPartition } from '../partitions.ts';
import { type DicomService, fileOf } from '../service.ts';
import { failureReasons, type InstanceResult } from '../store/instance-result.ts';
import { ReadAhead } from '../store/read-ahead.ts';
import { storeInstance } from '../store/store-instance.ts';
import { Turns } from '../store/turns.ts';
import { isSameFile } from './is-same-file.ts';

/** Files that are stored at the same time. */
const atOnce = 8;
const pageSize = 200;
/** A run ends after so long; the next goes on. */
const runMs = 20_000;

/** To be run by one process at a time. A kill at any point leaves the file where it is, or stored and removed. */
export async function importFiles(service: DicomService): Promise<void> {
  const { imports } = service;
  if (!imports) return;
  const until = performance.now() + runMs;
  let names = await imports.list(pageSize);
  while (names.length > 0 && performance.now() < until) {
    const left = [...names];
    const work = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) await importFile(service, imports, name);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    names = await imports.list(pageSize);
  }
}

async function importFile(service: DicomService, imports: ImportStore, name: string): Promise<void> {
  const content = await imports.read(name);
  if (!content) return;
  const request = { service, partition: defaultPartition, study: undefined, version: 2, replace: false } as const;
  const result = await storeInstance({ ...request, turn: new Turns().next() }, new ReadAhead(content));
  if (result.kind === 'stored' || (await wasImported(service, imports, name, result))) await imports.remove(name);
  else await imports.reject(name, reasonText(service, name, result));
}

/** A process died behind the storing and before the removal: the same file comes again. */
async function wasImported(
  service: DicomService,
  imports: ImportStore,
  name: string,
  { key }: { readonly key?: InstanceKey },
): Promise<boolean> {
  const [stored] = key ? await service.index.instances(key, 1) : [];
  const file = stored && (await service.blobs.read(fileOf(stored.version)));
  if (!file) return false;
  const dropped = await imports.read(name);
  return isSameFile(file.content, dropped ?? ReadableStream.from<Uint8Array>([]));
}

function reasonText({ now }: DicomService, name: string, result: Extract<InstanceResult, { kind: 'failed' }>): string {
  const { reason, comments } = result;
  const word = Object.entries(failureReasons).find(([, code]) => code === reason)?.[0];
  return `${JSON.stringify({ timestamp: now().toISOString(), name, failureReason: reason, reason: word, comments })}\n`;
}
