/**
 * The files of an export, as they are stored, under `{operation}/results/{study}/{series}/{instance}.dcm`; what could not be
 * had in `{operation}/errors.log`, a line of JSON each. A step that is begun again writes the same files again.
 */
import type { JobKind, StepResult } from '../../jobs/job-kind.ts';
import type { ExportStore } from '../../stores/exports/export-store.ts';
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { StoredJob } from '../../stores/jobs/job-store.ts';
import { type DicomService, fileOf } from '../service.ts';
import { type ExportDefinition, type ExportProgress, exportKind } from './export-definition.ts';
import { scopeOfIdentifier } from './export-request.ts';

/** A step goes on for so long, then checkpoints. */
const stepMs = 1500;
const pageSize = 50;

export const exportJob: JobKind<DicomService> = { kind: exportKind, step };

/** Where in the exports' store an operation writes. */
export function folderOf({ definition, id }: StoredJob): string {
  return `${(definition as unknown as ExportDefinition).container}/${id.replaceAll('-', '')}`;
}

async function step(service: DicomService, job: StoredJob): Promise<StepResult> {
  const { partition, identifiers } = job.definition as unknown as ExportDefinition;
  let { at = 0, after = 0, exported = 0, skipped = 0, errorParts = [] } = job.progress as ExportProgress;
  const folder = folderOf(job);
  const errors: string[] = [];
  const scopes = identifiers?.map((each) => scopeOfIdentifier(partition, each)) ?? [{ partition }];
  const until = performance.now() + stepMs;
  while (at < scopes.length && performance.now() < until) {
    const page = await service.index.instances(scopes[at] ?? { partition }, pageSize, after);
    if (page.length === 0 && after === 0 && identifiers) {
      errors.push(errorLine(service, identifiers[at] ?? '', 'There is no such study, series or instance.'));
      skipped += 1;
    }
    for (const instance of page) {
      const failure = await copy(service, folder, instance);
      if (failure === undefined) exported += 1;
      else {
        errors.push(errorLine(service, nameOf(instance), failure));
        skipped += 1;
      }
      after = instance.version;
      if (performance.now() >= until) break;
    }
    if (page.length < pageSize && (page.at(-1)?.version ?? after) === after) {
      at += 1;
      after = 0;
    }
  }
  if (errors.length > 0) {
    const part = `${folder}/errors/${job.step}.log`;
    await service.exports.write(part, bytesOf(errors));
    errorParts = [...errorParts, part];
  }
  const done = at >= scopes.length;
  if (done && errorParts.length > 0) await joinErrors(service.exports, folder, errorParts);
  return { progress: { at, after, exported, skipped, errorParts }, done };
}

/** Undefined when it was copied. */
async function copy(
  { blobs, exports }: DicomService,
  folder: string,
  instance: StoredInstance,
): Promise<string | undefined> {
  const file = await blobs.read(fileOf(instance.version));
  if (!file) return 'The instance was deleted or replaced meanwhile.';
  await exports.write(`${folder}/results/${nameOf(instance)}.dcm`, file.content);
  return undefined;
}

function nameOf({ key: { study, series, instance } }: StoredInstance): string {
  return `${study}/${series}/${instance}`;
}

function errorLine({ now }: DicomService, identifier: string, error: string): string {
  return `${JSON.stringify({ Timestamp: now().toISOString(), Identifier: identifier, Error: error })}\n`;
}

async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join(''));
}

async function joinErrors(exports: ExportStore, folder: string, parts: readonly string[]): Promise<void> {
  await exports.write(`${folder}/errors.log`, contents(exports, parts));
  for (const part of parts) await exports.remove(part);
}

async function* contents(exports: ExportStore, parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const content = exports.read(part);
    if (content) yield* content;
  }
}
