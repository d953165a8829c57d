/** HL7's published expansions as a test fixture: of each how many codes it has, and a digest of them. */
import { createHash } from 'node:crypto';
import type { ExpansionContains, Published } from './published.ts';

export interface ExpansionDigest {
  readonly codes: number;
  /** Of `system|code`, sorted, each on a line. */
  readonly digest: string;
  /** `toocostly` and `unclosed`: HL7 says that these are not all codes. */
  readonly marks?: readonly string[];
}

export function expansionDigests({ expansions }: Published): Map<string, ExpansionDigest> {
  return new Map(
    [...expansions].map(([url, { expansion }]) => {
      const marks = (expansion?.extension ?? []).map((one) => one.url.replace(/^.*valueset-/, '')).sort();
      const codes = codesIn(expansion?.contains ?? []);
      return [url, { codes: codes.size, digest: digestOf(codes), ...(marks.length > 0 && { marks }) }];
    }),
  );
}

function codesIn(contains: readonly ExpansionContains[]): Set<string> {
  return new Set(
    contains.flatMap(({ system, code, contains: nested }) => [
      ...(code === undefined ? [] : [`${system}|${code}`]),
      ...codesIn(nested ?? []),
    ]),
  );
}

export function digestOf(codes: ReadonlySet<string>): string {
  return createHash('sha256')
    .update([...codes].sort().join('\n'))
    .digest('base64url')
    .slice(0, 16);
}
