/** One instance of a bulk update: its file is written anew with the changes, and takes the place of the former. */
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import { Part10Error } from '../part10/part10-error.ts';
import { type Part10, Part10Reader } from '../part10/read-part10.ts';
import { tagValues } from '../query-tags/tag-values.ts';
import { type DicomService, fileOf } from '../service.ts';
import { forget, newInstance, readThrough } from '../store/store-instance.ts';
import { checkInstance } from '../store/validate-instance.ts';
import type { Change } from './change-set.ts';
import { CannotChange, spliced, splices } from './rewrite-file.ts';

/** Undefined when it was changed, or is not there any more; else why it could not be. */
export async function updateInstance(
  service: DicomService,
  stored: StoredInstance,
  changes: readonly Change[],
): Promise<string | undefined> {
  const { index, blobs } = service;
  const version = await index.begin();
  let kept = false;
  try {
    const reading: { file?: Part10 } = {};
    for await (const _ of readThrough(await contentOf(service, stored), new Part10Reader(), true, reading));
    if (!reading.file) throw new Part10Error('The file was not read.');
    const content = spliced(await contentOf(service, stored), splices(reading.file, changes));
    const { length } = await blobs.write(fileOf(version), readThrough(content, new Part10Reader(), true, reading));
    kept = await replace(service, stored, reading.file, { version, length });
    return undefined;
  } catch (error) {
    if (error instanceof CannotChange || error instanceof Part10Error) return error.message;
    throw error;
  } finally {
    if (!kept) await forget(service, version);
  }
}

async function contentOf({ blobs }: DicomService, { version }: StoredInstance): Promise<AsyncIterable<Uint8Array>> {
  const file = await blobs.read(fileOf(version));
  if (!file) throw new CannotChange('The file is not there.');
  return file.content;
}

/** False when it is no more what it was when its file was read. */
async function replace(
  { index, tags }: DicomService,
  { key, version: of }: StoredInstance,
  file: Part10,
  { version, length }: { version: number; length: number },
): Promise<boolean> {
  const checked = checkInstance(file.dataSet, [], 2);
  const { metadata, ...instance } = newInstance(file, checked, { key, version, length });
  const bytes = Buffer.from(JSON.stringify(metadata));
  let known = await tags.current();
  for (;;) {
    const values = [...instance.values, ...tagValues(metadata, known.tags).values];
    const result = await index.update({ ...instance, metadata: bytes, values, tagsVersion: known.version }, of);
    if (result.done || result.reason === 'gone') return result.done;
    known = await tags.refresh();
  }
}
