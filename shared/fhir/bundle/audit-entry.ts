import type { AuditEntry } from '../../operations/operation.ts';
import type { BundleEntry } from '../resource/bundle-text.ts';
import type { EntryRequest } from './entry-request.ts';

/** What an entry has done, for its audit record; undefined: it asked for nothing that there is. */
export function auditEntry(entry: EntryRequest | undefined, answer: BundleEntry | undefined): AuditEntry {
  const { resourceType, resourceId, patients } = entry?.request.audit ?? {};
  const interaction = entry?.row.name ?? 'unknown';
  return { interaction, resourceType, resourceId, patients, outcome: String(answer?.response?.status) };
}
