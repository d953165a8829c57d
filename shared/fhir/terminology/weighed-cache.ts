/** What was compiled, by its canonical; the least recently used goes when all together weigh too much. */
export class WeighedCache<Value extends { readonly weight: number }> {
  private readonly kept = new Map<string, Value>();
  private readonly maxWeight: number;
  private readonly generationNow: () => string;
  private readonly making = new Map<string, Promise<Value | undefined>>();
  private generation = '';

  /** What was kept is forgotten when `generationNow` answers with something else. */
  constructor(maxWeight: number, generationNow: () => string) {
    this.maxWeight = maxWeight;
    this.generationNow = generationNow;
  }

  /** Finds or makes the value. What is made of things that change meanwhile is not kept. */
  async get<Made extends Value | undefined>(key: string, make: () => Promise<Made>): Promise<Value | Made> {
    const generation = this.generationNow();
    if (generation !== this.generation) this.kept.clear();
    this.generation = generation;
    const before = this.kept.get(key);
    if (before) {
      this.kept.delete(key);
      this.kept.set(key, before);
      return before;
    }
    const made = await make();
    if (made && this.generationNow() === generation && this.generation === generation) this.keep(key, made);
    return made;
  }

  /** As `get`; who asks while it is made waits for the same. Not for what is made of others that wait for it in turn. */
  share(key: string, make: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const place = `${this.generationNow()} ${key}`;
    const before = this.making.get(place);
    if (before) return before;
    const made = this.get(key, make).finally(() => this.making.delete(place));
    this.making.set(place, made);
    return made;
  }

  /** A weight may have grown: all are asked for it again. */
  private keep(key: string, value: Value): void {
    this.kept.set(key, value);
    let weight = 0;
    for (const one of this.kept.values()) weight += one.weight;
    for (const [oldest, one] of this.kept) {
      if (weight <= this.maxWeight || oldest === key) break;
      this.kept.delete(oldest);
      weight -= one.weight;
    }
  }
}
