/** One pass over one resource: where it stands and what it has found. */
import type { Issue } from '../outcome.ts';
import type { ContainedScope } from './contained.ts';

/** A resource with more faults than this is not described any further. */
const maxIssues = 50;
const maxQuoted = 40;

export type Fault = 'structure' | 'required' | 'value' | 'invalid';

export class Walk {
  readonly issues: Issue[] = [];
  /** What the resource that the pass is inside contains; undefined when it contains nothing. */
  scope: ContainedScope | undefined;
  /** The id of the contained resource that the pass is inside. */
  containedId: string | undefined;
  readonly #path: (string | number)[];

  constructor(root: string) {
    this.#path = [root];
  }

  /** Steps down to an element's name, or to an item of the array that it is. Every `enter` has its `leave`. */
  enter(step: string | number): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  get isFull(): boolean {
    return this.issues.length >= maxIssues;
  }

  /** Notes a fault at the place where the pass stands, or at the element `below` it. */
  report(code: Fault, diagnostics: string, below?: string): void {
    if (this.isFull) return;
    const steps = below === undefined ? this.#path : [...this.#path, below];
    const expression = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    this.issues.push({ severity: 'error', code, diagnostics, expression: [expression.slice(1)] });
  }
}

/** A value as a message may show it. */
export function quote(text: string): string {
  return text.length <= maxQuoted ? `'${text}'` : `'${text.slice(0, maxQuoted)}…'`;
}

/** What a JSON value is, with its article. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
