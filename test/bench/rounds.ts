/** A subject against its floor, in turns: a shared machine's speed changes within minutes, a ratio within a round does not. */
export interface Contest {
  readonly name: string;
  /** `/s` or `MB/s` */
  readonly unit: string;
  /** What the machine gives without us; each answers what it reached in about `seconds`. */
  readonly floor: (seconds: number) => Promise<number>;
  readonly subject: (seconds: number) => Promise<number>;
  /** The ratio, or the subject's figure, that is aimed at. */
  readonly aim: { readonly ratio: number } | { readonly rate: number };
}

/** Prints the medians of the rounds, how far apart the ratios were, and how fast the machine was meanwhile. */
export async function contest(
  { name, unit, floor, subject, aim }: Contest,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> {
  const all: { floor: number; subject: number; ratio: number; loops: number }[] = [];
  await subject(seconds / 4);
  for (let round = 0; round < rounds; round += 1) {
    const loops = calibration();
    const [under, own] = [await floor(seconds), await subject(seconds)];
    all.push({ floor: under, subject: own, ratio: own / under, loops });
  }
  const of = (part: (round: (typeof all)[number]) => number) => all.map(part).toSorted((a, b) => a - b);
  const middle = (numbers: readonly number[]) => numbers[Math.floor(numbers.length / 2)] ?? 0;
  const ratios = of(({ ratio }) => ratio);
  const aimed = 'ratio' in aim ? `aim ${aim.ratio.toFixed(2)}` : `aim ${aim.rate} ${unit}`;
  console.log(
    `${name.padEnd(40)}${figure(middle(of((each) => each.subject)))} ${unit.padEnd(5)} floor ${figure(middle(of((each) => each.floor)))}` +
      `   ratio ${middle(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)}), ${aimed}` +
      `   calibration ${middle(of(({ loops }) => loops)).toFixed(0)}`,
  );
}

function figure(number: number): string {
  return number.toFixed(number < 10 ? 1 : 0).padStart(7);
}

/** Million steps a second of a plain loop on one core. */
function calibration(): number {
  const steps = 20_000_000;
  const started = performance.now();
  let sum = 0;
  for (let at = 0; at < steps; at += 1) sum = (sum * 31 + at) | 0;
  return (sum === 0.5 ? 0 : steps) / 1000 / (performance.now() - started);
}
