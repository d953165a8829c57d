/** The text of a Bundle around the stored texts of its resources, in chunks: no resource is parsed or copied for it. */

export interface BundleEntry {
  readonly fullUrl?: string;
  /** JSON text in chunks. */
  readonly resource?: readonly Uint8Array[];
  readonly search?: { readonly mode: 'match' | 'include' | 'outcome' };
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: Readonly<Record<string, unknown>>;
}

export interface BundleParts {
  readonly type: 'searchset' | 'history' | 'batch-response' | 'transaction-response' | 'document';
  readonly id: string;
  /** An instant, `2026-01-01T00:00:00.000Z`. */
  readonly lastUpdated: string;
  readonly identifier?: { readonly system: string; readonly value: string };
  readonly timestamp?: string;
  readonly profile?: string;
  readonly total?: number;
  readonly links?: readonly (readonly [relation: string, url: string])[];
  readonly entries: readonly BundleEntry[];
}

export function bundleText(parts: BundleParts): Uint8Array[] {
  const { type, id, lastUpdated, profile, identifier, timestamp, total, links, entries } = parts;
  const head = {
    resourceType: 'Bundle',
    id,
    meta: { lastUpdated, ...(profile !== undefined && { profile: [profile] }) },
    ...(identifier && { identifier }),
    type,
    ...(timestamp !== undefined && { timestamp }),
    ...(total !== undefined && { total }),
    ...(links && { link: links.map(([relation, url]) => ({ relation, url })) }),
  };
  const opened = JSON.stringify(head).slice(0, -1);
  if (entries.length === 0) return [Buffer.from(`${opened}}`)];
  const chunks: Uint8Array[] = [];
  let text = `${opened},"entry":[`;
  for (const { resource, fullUrl, ...rest } of entries) {
    const members: string[] = fullUrl === undefined ? [] : [`"fullUrl":${JSON.stringify(fullUrl)}`];
    const tail = JSON.stringify(rest).slice(1);
    text += `{${members.join(',')}`;
    if (resource) {
      chunks.push(Buffer.from(`${text}${fullUrl === undefined ? '' : ','}"resource":`), ...resource);
      text = tail === '}' ? '}' : `,${tail}`;
    } else {
      text += fullUrl === undefined || tail === '}' ? tail : `,${tail}`;
    }
    text += ',';
  }
  chunks.push(Buffer.from(`${text.slice(0, -1)}]}`));
  return chunks;
}
