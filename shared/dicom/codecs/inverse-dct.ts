/** The samples of a block of 8 by 8 from its coefficients. Source: ISO/IEC 10918-1, A.3.3, in double precision. */

/** By place and frequency: half the cosine, of frequency 0 over the root of 2. */
const cosines = Float64Array.from({ length: 64 }, (_, at) => {
  const [place, frequency] = [at >> 3, at & 7];
  return (Math.cos(((2 * place + 1) * frequency * Math.PI) / 16) / 2) * (frequency === 0 ? Math.SQRT1_2 : 1);
});

/** Rows of frequencies whose columns are places already. */
const rows = new Float64Array(64);
const samples = new Uint16Array(64);

/** Row by row, from 0 to the largest of `precision` bits. The next call writes over them. */
export function blockSamples(coefficients: Int32Array, precision: number): Uint16Array {
  const [middle, largest] = [1 << (precision - 1), (1 << precision) - 1];
  for (let row = 0; row < 8; row += 1) {
    for (let place = 0; place < 8; place += 1) rows[row * 8 + place] = sumOf(coefficients, row * 8, 1, place);
  }
  for (let column = 0; column < 8; column += 1) {
    for (let place = 0; place < 8; place += 1) {
      const sample = Math.round(middle + sumOf(rows, column, 8, place));
      samples[place * 8 + column] = Math.max(0, Math.min(largest, sample));
    }
  }
  return samples;
}

/** One dimension, at one place, of the eight values from `at` on in steps of `step`. */
function sumOf(values: Int32Array | Float64Array, at: number, step: number, place: number): number {
  let sum = 0;
  for (let frequency = 0; frequency < 8; frequency += 1) {
    sum += (cosines[place * 8 + frequency] ?? 0) * (values[at + frequency * step] ?? 0);
  }
  return sum;
}
