/** What was used lately, for a time: the least recently used goes when there are too many, or all together weigh too much. */
export interface RecentLimits {
  readonly entries: number;
  /** Milliseconds. */
  readonly lifetime: number;
  /** Each use begins the lifetime anew. */
  readonly sliding: boolean;
  readonly weight?: number;
  readonly now?: () => number;
}

export class Recent<Value> {
  readonly #limits: RecentLimits;
  readonly #now: () => number;
  readonly #kept = new Map<string, { value: Value; until: number; readonly weight: number }>();
  #weight = 0;

  constructor(limits: RecentLimits) {
    this.#limits = limits;
    this.#now = limits.now ?? Date.now;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    const now = this.#now();
    this.delete(key);
    if (kept.until <= now) return undefined;
    if (this.#limits.sliding) kept.until = now + this.#limits.lifetime;
    this.#keep(key, kept);
    return kept.value;
  }

  set(key: string, value: Value, weight = 0): void {
    this.delete(key);
    this.#keep(key, { value, until: this.#now() + this.#limits.lifetime, weight });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#limits.entries && this.#weight <= (this.#limits.weight ?? Number.POSITIVE_INFINITY))
        break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#weight -= kept.weight;
    this.#kept.delete(key);
  }

  #keep(key: string, kept: { value: Value; until: number; readonly weight: number }): void {
    this.#kept.set(key, kept);
    this.#weight += kept.weight;
  }
}
