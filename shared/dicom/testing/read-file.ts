import { type Part10, Part10Reader } from '../part10/read-part10.ts';
import { type ReadLimits, readLimits } from '../part10/source.ts';

/** For tests: reads a whole file in chunks of `chunkBytes`. */
export async function readFile(
  bytes: Uint8Array,
  chunkBytes = 65_536,
  limits: Partial<ReadLimits> = {},
): Promise<Part10> {
  const reader = new Part10Reader({ ...readLimits, ...limits });
  for (let at = 0; at < bytes.length; at += chunkBytes) await reader.push(bytes.subarray(at, at + chunkBytes));
  return reader.end();
}
