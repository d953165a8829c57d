/** An order among things that go on at the same time: of two parts that are the same instance the first is stored. */
export interface Turn {
  /** Everybody before has passed. */
  readonly comes: Promise<void>;
  /** To be called once or more, whatever happens. */
  readonly pass: () => void;
}

export class Turns {
  #last: Promise<void> = Promise.resolve();

  next(): Turn {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = Promise.all([before, promise]).then(() => {});
    return { comes: before, pass: resolve };
  }
}
