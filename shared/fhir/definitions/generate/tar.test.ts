import { describe, expect, it } from 'vitest';
import { readTar } from './tar.ts';

describe('a tar stream', () => {
  it.each([1, 511, 512, 4096])('gives the wanted files however it is cut (%i bytes at a time)', async (size) => {
    const archive = Buffer.concat([
      entry('package/a.json', '{"a":1}'),
      entry('package/skipped.txt', 'x'.repeat(700)),
      entry('package/b.json', 'y'.repeat(1024)),
      Buffer.alloc(1024),
    ]);
    const found: [string, number][] = [];
    for await (const { name, bytes } of readTar(pieces(archive, size), (name) => name.endsWith('.json'))) {
      found.push([name, bytes.length]);
    }
    expect(found).toEqual([
      ['package/a.json', 7],
      ['package/b.json', 1024],
    ]);
  });
});

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function entry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
