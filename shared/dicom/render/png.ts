/** PNG of 8 bits, grey or RGB, compressed by Node's zlib. Source: ISO/IEC 15948, 5 and 11. */
import { crc32, deflateSync } from 'node:zlib';
import type { Picture } from './scale.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Each byte less its neighbour's on the left. */
const subFilter = 1;

export function encodePng({ width, height, samples, pixels }: Picture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  header.writeUInt8(samples === 1 ? 0 : 2, 9);
  const row = width * samples;
  const filtered = new Uint8Array(height * (row + 1));
  for (let y = 0, to = 0; y < height; y += 1) {
    filtered[to] = subFilter;
    to += 1;
    for (let x = 0; x < row; x += 1, to += 1) {
      filtered[to] = (pixels[y * row + x] ?? 0) - (x < samples ? 0 : (pixels[y * row + x - samples] ?? 0));
    }
  }
  const data = deflateSync(filtered, { level: 4 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([frame.subarray(0, 4), content, frame.subarray(4)]);
}
