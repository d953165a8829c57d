/**
 * Reads what stands in `[?( … )]`: comparisons joined by `&&` and `||`. There are no parentheses and no `!`, and no operator
 * binds closer: each change of the operator opens a group to the right, so `a || b && c` is `a || (b && c)` and
 * `a && b || c` is `a && (b || c)`.
 */
import { isDateText } from '../../json/date-text.ts';
import { Float, type JsonValue, PlainText } from '../../json/value.ts';
import type { Filter, Operator, Side } from './path-step.ts';
import type { PathReader } from './read-path.ts';
import { readRegex } from './read-regex.ts';

/** Longest first, where one begins like another. */
const operators: readonly [string, Operator][] = [
  ['===', '==='],
  ['==', '=='],
  ['=~', '=~'],
  ['!==', '!=='],
  ['!=', '!='],
  ['<>', '!='],
  ['<=', '<='],
  ['<', '<'],
  ['>=', '>='],
  ['>', '>'],
];
const words: readonly [string, JsonValue][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const maxComparisons = 100;

export class FilterReader {
  private readonly reader: PathReader;

  constructor(reader: PathReader) {
    this.reader = reader;
  }

  /** Up to the closing bracket, which stays. */
  filter(): Filter {
    const comparisons: Filter[] = [];
    const joins: ('every' | 'some')[] = [];
    for (;;) {
      comparisons.push(this.comparison());
      if (comparisons.length > maxComparisons) this.reader.fail(`A filter has at most ${maxComparisons} comparisons.`);
      if (this.reader.char === ')') return joined(comparisons, joins);
      if (this.reader.take('&&')) joins.push('every');
      else if (this.reader.take('||')) joins.push('some');
      else if (this.reader.atEnd) this.reader.fail('A path ends within a filter.');
      else this.reader.fail(`Unexpected ${this.reader.char} in a filter.`);
    }
  }

  private comparison(): Filter {
    const left = this.side();
    if (')|&'.includes(this.reader.char)) return { kind: 'exists', side: left };
    const found = operators.find(([text]) => this.reader.take(text));
    if (!found) return this.reader.fail('An operator is expected.');
    return { kind: 'compare', operator: found[1], left, right: this.side() };
  }

  private side(): Side {
    this.reader.skipBlanks();
    const side = this.path() ?? this.literal();
    this.reader.skipBlanks();
    if (this.reader.atEnd) this.reader.fail('A path ends within a filter.');
    return side;
  }

  private path(): Side | undefined {
    const start = this.reader.char;
    if (start !== '$' && start !== '@') return undefined;
    this.reader.at += 1;
    const steps = this.reader.path(true);
    return { kind: 'path', steps: start === '$' ? [{ kind: 'root' }, ...steps] : steps };
  }

  private literal(): Side {
    const { char } = this.reader;
    if (char === "'") return { kind: 'literal', value: textLiteral(this.reader.quoted()) };
    if (char === '/') return { kind: 'regex', matches: readRegex(this.reader) };
    if (char === '-' || /\d/.test(char)) return { kind: 'literal', value: this.number() };
    const word = words.find(([text]) => this.reader.take(text));
    return word ? { kind: 'literal', value: word[1] } : this.reader.fail('A path or a value is expected.');
  }

  /** A number runs to a blank or the closing bracket, so `@.a==1&&@.b` is an error. */
  private number(): JsonValue {
    const from = this.reader.at;
    const written = /^[^ )]*/.exec(this.reader.text.slice(from))?.[0] ?? '';
    const isFloat = /^-?\d+(\.\d*)?([eE][-+]?\d+)?$/.test(written);
    if (!isFloat) this.reader.fail(`${written} is no number.`);
    this.reader.at += written.length;
    if (/^-?\d+$/.test(written)) return Number.isSafeInteger(Number(written)) ? Number(written) : BigInt(written);
    return Number.isInteger(Number(written)) ? new Float(Number(written)) : Number(written);
  }
}

/** A literal is a text even where it looks like a date. */
function textLiteral(text: string): JsonValue {
  return isDateText(text) ? new PlainText(text) : text;
}

function joined(comparisons: readonly Filter[], joins: readonly ('every' | 'some')[]): Filter {
  const [first] = comparisons as readonly [Filter, ...Filter[]];
  const [join] = joins;
  if (join === undefined) return first;
  const change = joins.findIndex((each) => each !== join);
  if (change < 0) return { kind: join, of: comparisons };
  return { kind: join, of: [...comparisons.slice(0, change), joined(comparisons.slice(change), joins.slice(change))] };
}
