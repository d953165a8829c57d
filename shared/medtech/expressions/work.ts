import { ExpressionError } from './expression.ts';

/** Items, characters and comparisons that one run of an expression may cost. */
const most = 2_000_000;

/** What a run has left. A path of scans within scans, or an expression that doubles a list again and again, would otherwise never end. */
export class Work {
  #left = most;

  /** Before each run. */
  begin(): void {
    this.#left = most;
  }

  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new ExpressionError('The expression makes too much of this event.');
  }
}
