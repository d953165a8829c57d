import { escapes } from '../../json/escapes.ts';
import { ExpressionSyntaxError } from '../expression.ts';

/** A place in the text of a path. */
export class TextReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Empty at the end. */
  get char(): string {
    return this.text[this.at] ?? '';
  }

  skipBlanks(): void {
    while (this.char === ' ') this.at += 1;
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** A text in single quotes; the reader stands at the first one. */
  quoted(): string {
    if (!this.take("'")) this.fail("A text in '…' is expected.");
    let read = '';
    for (; !this.atEnd; this.at += 1) {
      if (this.char === "'") {
        this.at += 1;
        return read;
      }
      if (this.char !== '\\') read += this.char;
      else {
        this.at += 1;
        read += escapes[this.char] ?? this.fail(`\\${this.char} is no escape of a path.`);
      }
    }
    return this.fail("A text in '…' is not closed.");
  }

  fail(message: string): never {
    throw new ExpressionSyntaxError(message, this.at);
  }
}
