/** The study, series or instance that an address names. */
import type { InstanceScope, StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { uidIn } from '../uid.ts';

const levels = ['study', 'series', 'instance'] as const;

/** A UID that is none is 400. */
export function scopeOf({ partition, params, headers }: DicomCall): InstanceScope {
  const given = levels.flatMap((level) => {
    const uid = params[level];
    return uid === undefined ? [] : [[level, uidIn(uid, level)] as const];
  });
  // AHDS: the files as they were before a bulk update.
  const original = headers.get('msdicom-request-original')?.toLowerCase() === 'true';
  return { partition, ...Object.fromEntries(given), ...(original && { original }) };
}

export function notFound(): DicomError {
  return new DicomError('not-found', 'The specified study, series or instance was not found.');
}

/** The one instance of the address; 404 when it is not there. */
export async function instanceOf(call: DicomCall): Promise<StoredInstance> {
  const [instance] = await call.service.index.instances(scopeOf(call), 1);
  if (!instance) throw notFound();
  return instance;
}
