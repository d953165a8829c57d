/**
 * How many requests one service works on at the same time: the next ones wait for their turn, and what is too much for that
 * is turned away with 429. AHDS: `Retry-After` with it. Work ends when the handler has its answer; a body that is still
 * on its way to the client holds nobody up.
 */
import { requestError, type UserError } from './errors.ts';

export interface WorkLimits {
  readonly atWork: number;
  readonly waiting: number;
}

export const defaultWorkLimits: WorkLimits = { atWork: 100, waiting: 1000 };

/** A client that has waited this long is better told to come back. */
const longestWaitMs = 30_000;
const retryAfterSeconds = 1;

interface Waiting {
  readonly begin: () => void;
  readonly giveUp: () => void;
  readonly gone: () => boolean;
}

export class WorkGate {
  readonly #limits: WorkLimits;
  readonly #waiting = new Set<Waiting>();
  #atWork = 0;

  constructor(limits: WorkLimits) {
    this.#limits = limits;
  }

  /** Undefined, or resolves, when it is the caller's turn; who had it must `leave`. `gone`: nobody waits for the answer any more. */
  enter(gone: () => boolean): Promise<void> | undefined {
    if (this.#atWork < this.#limits.atWork) {
      this.#atWork += 1;
      return undefined;
    }
    if (this.#isFull()) for (const one of this.#waiting) if (one.gone()) one.giveUp();
    if (this.#isFull()) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(one);
        settle();
      };
      const one: Waiting = { gone, begin: () => end(resolve), giveUp: () => end(() => reject(tooMany())) };
      const timer = setTimeout(one.giveUp, longestWaitMs);
      this.#waiting.add(one);
    });
  }

  leave(): void {
    for (const next of this.#waiting) {
      if (!next.gone()) {
        next.begin();
        return;
      }
      next.giveUp();
    }
    this.#atWork -= 1;
  }

  #isFull(): boolean {
    return this.#waiting.size >= this.#limits.waiting;
  }
}

function tooMany(): UserError {
  return requestError('throttled', 'The service has too much to do. Try again.', {
    'Retry-After': String(retryAfterSeconds),
  });
}
