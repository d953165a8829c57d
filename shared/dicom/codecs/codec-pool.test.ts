import { afterEach, describe, expect, it } from 'vitest';
import { CodecError } from './codec-error.ts';
import { CodecPool, PoolBusy } from './codec-pool.ts';
import type { FrameJob } from './codec-thread.ts';
import type { ImageFormat } from './image-format.ts';

const format: ImageFormat = {
  rows: 64,
  columns: 64,
  samples: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  signed: false,
  planar: false,
  photometric: 'MONOCHROME2',
};
const jpeg2000 = '1.2.840.10008.1.2.4.90';
const encoding = (fill = 0): FrameJob => ({
  frame: new Uint8Array(4096).fill(fill),
  syntax: undefined,
  format,
  target: { kind: 'encoded', syntax: jpeg2000 },
});
const decoding = (frame: Uint8Array, syntax = jpeg2000): FrameJob => ({
  frame,
  syntax,
  format,
  target: { kind: 'native' },
});

describe('the codec pool', () => {
  let pool: CodecPool;
  afterEach(() => pool.close());

  it('converts many frames with few threads and little memory, each to its own result', async () => {
    pool = new CodecPool({ threads: 2, bytes: 1 });
    const encoded = await Promise.all(Array.from({ length: 20 }, (_, at) => pool.convert(encoding(at))));
    const decoded = await Promise.all(encoded.map(({ bytes }) => pool.convert(decoding(bytes))));
    expect(decoded.map(({ bytes }) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual(
      Array.from({ length: 20 }, (_, at) => [4096, at, at]),
    );
  });

  it('refuses what cannot be decoded and goes on', async () => {
    pool = new CodecPool({ threads: 1 });
    const { bytes } = await pool.convert(encoding(7));
    const broken = bytes.slice();
    broken.fill(0xa5, 60);
    const results = await Promise.allSettled([
      pool.convert(decoding(new Uint8Array(10))),
      pool.convert(decoding(broken)),
      pool.convert(decoding(bytes, '1.2.3')),
      pool.convert(decoding(bytes.slice())),
    ]);
    expect(results.slice(0, 3).map((result) => result.status === 'rejected' && result.reason)).toEqual([
      expect.any(CodecError),
      expect.any(CodecError),
      expect.any(CodecError),
    ]);
    expect(results[3]).toMatchObject({ status: 'fulfilled' });
  });

  it('ends a frame that takes too long with its thread; the next has another', async () => {
    pool = new CodecPool({ threads: 1, deadlineMs: 0 });
    const large = { ...format, rows: 4096, columns: 4096 };
    const slow = () => ({ ...encoding(), frame: new Uint8Array(4096 * 4096), format: large });
    await expect(pool.convert(slow())).rejects.toThrow('takes too long');
    await expect(pool.convert(slow())).rejects.toThrow('takes too long');
  });

  it('leaves out a frame whose client has gone, and refuses more than may wait', async () => {
    pool = new CodecPool({ threads: 1, waiting: 2 });
    const gone = new AbortController();
    const first = pool.convert(encoding(1));
    const second = pool.convert(encoding(2), gone.signal);
    await expect(pool.convert(encoding(3))).rejects.toThrow(PoolBusy);
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    expect((await first).bytes.length).toBeGreaterThan(0);
  });

  it('rejects what waits when it is closed', async () => {
    pool = new CodecPool({ threads: 1 });
    const waiting = expect(pool.convert(encoding())).rejects.toThrow(CodecError);
    await pool.close();
    await waiting;
    await expect(pool.convert(encoding())).rejects.toThrow(CodecError);
  });
});
