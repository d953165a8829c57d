/** The bodies of a commit in one buffer that moves to the writing thread; the caller keeps its own. */
import type { Change } from '../../resources/resource-store.ts';

/** A change whose body is a stretch of the commit's buffer. */
export type PackedChange =
  | Exclude<Change, { kind: 'put' }>
  | (Omit<Change & { kind: 'put' }, 'body'> & { bytes: Stretch });
type Stretch = readonly [start: number, end: number] | undefined;

export interface PackedChanges {
  readonly changes: readonly PackedChange[];
  readonly bodies: Uint8Array<ArrayBuffer>;
}

export function pack(changes: readonly Change[]): PackedChanges {
  const size = changes.reduce((sum, change) => sum + (change.kind === 'put' ? (change.body?.length ?? 0) : 0), 0);
  const bodies = new Uint8Array(size);
  let end = 0;
  const packed = changes.map((change): PackedChange => {
    if (change.kind !== 'put') return change;
    const { body, ...rest } = change;
    if (body === undefined) return { ...rest, bytes: undefined };
    const start = end;
    bodies.set(body, start);
    end = start + body.length;
    return { ...rest, bytes: [start, end] };
  });
  return { changes: packed, bodies };
}

export function unpack({ changes, bodies }: PackedChanges): Change[] {
  return changes.map((change) => {
    if (change.kind !== 'put') return change;
    const { bytes, ...rest } = change;
    return { ...rest, body: bytes && bodies.subarray(...bytes) };
  });
}
