/**
 * Versions begun ahead, many in one commit, so that a store need not wait for the disk before it writes its file. Those
 * that are never taken are left over like any that was begun and not stored.
 */
const atOnce = 32;
/** One that has been held for long could be given up by age while its file is being written. */
const heldForMs = 60 * 60 * 1000;

export class VersionReserve {
  /** Begins so many versions and answers the first once they are on the disk. */
  readonly #begin: (count: number) => Promise<number>;
  readonly #clock: () => number;
  #held: { readonly version: number; readonly begun: number }[] = [];
  #filling: Promise<void> | undefined;

  constructor(begin: (count: number) => Promise<number>, clock: () => number = Date.now) {
    this.#begin = begin;
    this.#clock = clock;
  }

  /** The next version, which is on the disk. */
  async take(): Promise<number> {
    for (;;) {
      const oldest = this.#clock() - heldForMs;
      this.#held = this.#held.filter(({ begun }) => begun > oldest);
      const next = this.#held.shift();
      if (next && this.#held.length < atOnce / 2) this.#fill().catch(() => {});
      if (next) return next.version;
      await this.#fill();
    }
  }

  /** Versions that nobody has taken yet. */
  held(): ReadonlySet<number> {
    return new Set(this.#held.map(({ version }) => version));
  }

  #fill(): Promise<void> {
    this.#filling ??= this.#more().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #more(): Promise<void> {
    const begun = this.#clock();
    const first = await this.#begin(atOnce);
    for (let at = 0; at < atOnce; at += 1) this.#held.push({ version: first + at, begun });
  }
}
