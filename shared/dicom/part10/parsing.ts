/**
 * A parser that waits for its bytes: a generator that says what it needs next and is given it, however the bytes arrive.
 * Nothing but what it asks for is kept, so that a file of any size is read in the memory of its largest held value.
 */
import { Part10Error } from './part10-error.ts';

/** `peek`: the bytes stay. `skip` is answered with nothing, once all of them have passed. `more`: with nothing at the end. */
export type Need =
  | { readonly take: number }
  | { readonly peek: number }
  | { readonly skip: number }
  | { readonly more: true };

export type Parsing<T> = Generator<Need, T, Uint8Array>;

const nothing = new Uint8Array(0);
const something = new Uint8Array(1);

/** Runs a parser on chunks as they come. */
export class Feed<T> {
  readonly #parsing: Parsing<T>;
  #need: Need | undefined;
  #result: { readonly value: T } | undefined;
  #chunks: Uint8Array[] = [];
  #available = 0;
  #skipped = 0;
  #ended = false;

  constructor(parsing: Parsing<T>) {
    this.#parsing = parsing;
    this.#advance(parsing.next());
  }

  /** Throws what the parser throws. */
  push(chunk: Uint8Array): void {
    if (this.#result || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#available += chunk.length;
    this.#run();
  }

  /** The parser's result. Throws `Part10Error` when it still needs something. */
  end(): T {
    this.#ended = true;
    this.#run();
    if (!this.#result) throw new Part10Error('The file ends before its data set does.');
    return this.#result.value;
  }

  /** What was pushed and not used, when the parser has its result. */
  rest(): readonly Uint8Array[] {
    return this.#chunks;
  }

  /** How many of the next bytes the parser only wants to be past. */
  get passing(): number {
    return !this.#result && this.#need && 'skip' in this.#need ? this.#need.skip - this.#skipped : 0;
  }

  /** They are left out of what is pushed: at most `passing` of them. */
  pass(length: number): void {
    this.#skipped += length;
    this.#run();
  }

  get isDone(): boolean {
    return this.#result !== undefined;
  }

  #advance(step: IteratorResult<Need, T>): void {
    if (step.done) this.#result = { value: step.value };
    else this.#need = step.value;
  }

  #run(): void {
    while (!this.#result && this.#need) {
      const answer = this.#answer(this.#need);
      if (answer === undefined) return;
      this.#advance(this.#parsing.next(answer));
    }
  }

  /** Undefined when more has to come first. */
  #answer(need: Need): Uint8Array | undefined {
    if ('more' in need) {
      if (this.#available > 0) return something;
      return this.#ended ? nothing : undefined;
    }
    if ('skip' in need) return this.#skip(need.skip);
    const length = 'take' in need ? need.take : need.peek;
    if (this.#available < length) return undefined;
    const bytes = this.#gather(length);
    if ('take' in need) this.#drop(length);
    return bytes;
  }

  #skip(length: number): Uint8Array | undefined {
    const now = Math.min(length - this.#skipped, this.#available);
    this.#drop(now);
    this.#skipped += now;
    if (this.#skipped < length) return undefined;
    this.#skipped = 0;
    return nothing;
  }

  /** The first `length` bytes in one piece; a view where they are in one chunk already. */
  #gather(length: number): Uint8Array {
    const [first = nothing] = this.#chunks;
    if (first.length >= length) return first.subarray(0, length);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(0, length - at);
      bytes.set(part, at);
      at += part.length;
      if (at === length) break;
    }
    return bytes;
  }

  #drop(length: number): void {
    this.#available -= length;
    let left = length;
    let whole = 0;
    for (const chunk of this.#chunks) {
      if (chunk.length > left) break;
      left -= chunk.length;
      whole += 1;
    }
    if (whole > 0) this.#chunks = this.#chunks.slice(whole);
    const [first] = this.#chunks;
    if (left > 0 && first) this.#chunks[0] = first.subarray(left);
  }
}
