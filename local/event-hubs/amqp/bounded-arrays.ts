/**
 * Values of some AMQP types have no bytes (true, null, 0). rhea reads an array of them for as long as it says that it is:
 * billions out of ten bytes. Every frame goes through its reader, so the bound is put there.
 */
import rhea from 'rhea';

const mostWithoutBytes = 1024;

interface Reader {
  remaining(): number;
  read_array_items(count: number, type: unknown): unknown[];
}

let bounded = false;

export function boundArrays(): void {
  if (bounded) return;
  bounded = true;
  const { prototype } = (rhea.types as unknown as { Reader: { prototype: Reader } }).Reader;
  const read = prototype.read_array_items;
  prototype.read_array_items = function (this: Reader, count, type) {
    if (count > this.remaining() + mostWithoutBytes) throw new RangeError('An array has fewer bytes than values.');
    return read.call(this, count, type);
  };
}
