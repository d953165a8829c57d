/** Bytes in one piece, or the part of them that `Range` asks for. Source: RFC 9110, 14; DICOM PS3.18, 8.7.3.5. AHDS ignores Range. */
import type { Answer } from '../../operations/operation.ts';
import type { ByteRange } from '../part10/frame-index.ts';

export interface Bytes {
  readonly contentType: string;
  readonly length: number;
  /** Counted from the first of these bytes. */
  readonly read: (range: ByteRange) => Promise<AsyncIterable<Uint8Array>>;
}

export async function rangedAnswer(headers: Headers, { contentType, length, read }: Bytes): Promise<Answer> {
  const range = rangeIn(headers.get('range'), length);
  const common = { 'Content-Type': contentType, 'Accept-Ranges': 'bytes' };
  if (range === undefined) {
    const body = await read({ offset: 0, length });
    return { status: 200, headers: { ...common, 'Content-Length': String(length) }, body };
  }
  if (range.length <= 0) return { status: 416, headers: { 'Content-Range': `bytes */${length}` } };
  const last = range.offset + range.length - 1;
  return {
    status: 206,
    headers: {
      ...common,
      'Content-Length': String(range.length),
      'Content-Range': `bytes ${range.offset}-${last}/${length}`,
    },
    body: await read(range),
  };
}

/** Undefined without one, and for what is not one range of bytes, which may be ignored; empty where nothing of it is there. */
function rangeIn(header: string | null, length: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const count = Math.min(Number(last), length);
    return { offset: length - count, length: count };
  }
  const offset = Number(first);
  if (last !== '' && Number(last) < offset) return undefined;
  const end = last === '' ? length : Math.min(Number(last) + 1, length);
  return { offset, length: end - offset };
}
