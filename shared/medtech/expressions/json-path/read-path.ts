/**
 * Reads a JSONPath in the dialect of Newtonsoft.Json 13. It differs from RFC 9535: `$` may be left out, a name runs to the
 * next `.`, bracket or blank (so hyphens and `@` are part of it), round brackets are as good as square ones, and in filters
 * the path behind `@` needs no dot.
 */
import { ExpressionSyntaxError } from '../expression.ts';
import type { PathStep } from './path-step.ts';
import { FilterReader } from './read-filter.ts';
import { TextReader } from './text-reader.ts';

export function readPath(text: string): readonly PathStep[] {
  const reader = new PathReader(text);
  const steps = reader.whole();
  if (steps.length > maxSteps) throw new ExpressionSyntaxError(`A path has at most ${maxSteps} steps.`, text.length);
  return steps;
}

const maxSteps = 100;
/** Ends a name in a filter, besides what ends it everywhere. */
const filterEnds = '=<!>|&';

export class PathReader extends TextReader {
  whole(): PathStep[] {
    this.skipBlanks();
    if (this.atEnd) return [];
    const start = this.at;
    if (this.char === '$') {
      if (this.text.length === start + 1) return [];
      if (this.text[start + 1] === '.' || this.text[start + 1] === '[') this.at += 1;
    }
    const steps = this.path(false);
    this.skipBlanks();
    if (!this.atEnd) this.fail(`Unexpected ${this.char} in a path.`);
    return steps;
  }

  /** From the current character on; in a filter (`inFilter`) operators end a path. */
  path(inFilter: boolean): PathStep[] {
    const steps: PathStep[] = [];
    let nameFrom = this.at;
    let scan = false;
    let afterIndexer = false;
    let afterDot = false;
    const takeName = () => {
      if (this.at === nameFrom) return;
      steps.push(nameStep(this.text.slice(nameFrom, this.at), scan));
      scan = false;
    };
    for (; !this.atEnd; ) {
      const char = this.char;
      if (char === ']' || char === ')' || char === ' ' || (inFilter && filterEnds.includes(char))) break;
      if (char === '[' || char === '(') {
        takeName();
        steps.push(this.indexer(scan));
        scan = false;
        afterIndexer = true;
        afterDot = false;
        nameFrom = this.at;
      } else if (char === '.') {
        takeName();
        if (this.text[this.at + 1] === '.') {
          scan = true;
          this.at += 1;
        }
        this.at += 1;
        afterIndexer = false;
        afterDot = true;
        nameFrom = this.at;
      } else {
        if (afterIndexer) this.fail(`Unexpected ${char} after an indexer.`);
        this.at += 1;
      }
    }
    if (this.at === nameFrom && afterDot && (this.atEnd || inFilter))
      this.fail('A name is missing at the end of a path.');
    takeName();
    return steps;
  }

  private indexer(scan: boolean): PathStep {
    const close = this.char === '[' ? ']' : ')';
    this.at += 1;
    this.skipBlanks();
    if (this.atEnd) this.fail('A path ends within an indexer.');
    if (this.char === "'") return this.quotedNames(close, scan);
    if (this.char === '?') return this.filter(close, scan);
    return this.arrayIndexer(close);
  }

  private quotedNames(close: string, scan: boolean): PathStep {
    const names: string[] = [];
    for (;;) {
      names.push(this.quoted());
      this.skipBlanks();
      if (this.take(close)) return { kind: scan ? 'scan-names' : 'names', names };
      if (!this.take(',')) this.fail(`A comma or ${close} is expected.`);
      this.skipBlanks();
    }
  }

  private filter(close: string, scan: boolean): PathStep {
    this.at += 1;
    if (!this.take('(')) this.fail('( is expected after ?.');
    const test = new FilterReader(this).filter();
    this.at += 1;
    this.skipBlanks();
    if (!this.take(close)) this.fail(`${close} is expected after a filter.`);
    return { kind: scan ? 'scan-filter' : 'filter', test };
  }

  /** `*`, whole numbers with commas, or a slice. */
  private arrayIndexer(close: string): PathStep {
    const from = this.at;
    const until = this.text.indexOf(close, from);
    if (until < 0) this.fail('A path ends within an indexer.');
    const inside = this.text.slice(from, until).trim();
    const step = arrayStep(inside);
    if (!step) this.fail(inside ? `${inside} is no index.` : 'An index is expected.');
    this.at = until + 1;
    return step;
  }
}

function nameStep(written: string, scan: boolean): PathStep {
  const name = written.trimEnd();
  if (name === '*') return { kind: scan ? 'scan' : 'members' };
  return { kind: scan ? 'scan-names' : 'names', names: [name] };
}

function arrayStep(inside: string): PathStep | undefined {
  if (inside === '*') return { kind: 'items' };
  if (/^-?\d{1,9}( *, *-?\d{1,9})*$/.test(inside)) return { kind: 'indexes', indexes: inside.split(',').map(Number) };
  const slice = /^(-?\d{1,9})? *: *(-?\d{1,9})? *(?:: *(-?\d{1,9})?)?$/.exec(inside);
  if (!slice) return undefined;
  const [, start, end, step] = slice;
  if (step !== undefined && Number(step) === 0) return undefined;
  return {
    kind: 'slice',
    ...(start !== undefined && { start: Number(start) }),
    ...(end !== undefined && { end: Number(end) }),
    ...(step !== undefined && { step: Number(step) }),
  };
}
