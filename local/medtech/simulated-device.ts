/** A device on a patient: heart rate, blood pressure and weight, each a small step from the one before. */

/** A step is random; a pull back to the person's own value keeps the walk where people are. */
interface Walk {
  readonly own: number;
  readonly step: number;
  readonly least: number;
  readonly most: number;
}

type Quantity = 'heartRate' | 'systolic' | 'pulsePressure' | 'weight';

export class SimulatedDevice {
  readonly id: string;
  readonly #random: () => number;
  readonly #walks: Readonly<Record<Quantity, Walk>>;
  readonly #values: Record<Quantity, number>;
  #count = 0;

  /** The same seed and number give the same values in every run. */
  constructor(number: number, seed = 1) {
    this.id = `device-${number}`;
    this.#random = mulberry32(seed * 100_003 + number);
    const between = (least: number, most: number) => least + this.#random() * (most - least);
    this.#walks = {
      heartRate: { own: between(58, 88), step: 2, least: 42, most: 170 },
      systolic: { own: between(105, 145), step: 3, least: 85, most: 190 },
      pulsePressure: { own: between(35, 50), step: 2, least: 25, most: 80 },
      weight: { own: between(50, 110), step: 0.15, least: 40, most: 160 },
    };
    const { heartRate, systolic, pulsePressure, weight } = this.#walks;
    this.#values = {
      heartRate: heartRate.own,
      systolic: systolic.own,
      pulsePressure: pulsePressure.own,
      weight: weight.own,
    };
  }

  /** Of twenty events one is a blood pressure and one a weight; the others are heart rates. */
  next(time: Date): Record<string, unknown> {
    this.#count += 1;
    const event = { deviceId: this.id, patientId: `patient-of-${this.id}`, time: time.toISOString() };
    if (this.#count % 20 === 0) return { ...event, weight: Math.round(this.#walk('weight') * 10) / 10 };
    if (this.#count % 20 === 10) {
      const systolic = Math.round(this.#walk('systolic'));
      return { ...event, systolic, diastolic: systolic - Math.round(this.#walk('pulsePressure')) };
    }
    return { ...event, heartRate: Math.round(this.#walk('heartRate')) };
  }

  #walk(name: Quantity): number {
    const { own, step, least, most } = this.#walks[name];
    const next = this.#values[name] + (this.#random() * 2 - 1) * step + (own - this.#values[name]) * 0.05;
    this.#values[name] = Math.min(Math.max(next, least), most);
    return this.#values[name];
  }
}

/** Tommy Ettinger's generator (public domain): numbers from 0 to 1. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
