/** A text that is not JSON, even leniently, and where. Lines and columns count from 1. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(`${message} Line ${line}, column ${column}.`);
    this.line = line;
    this.column = column;
  }
}
