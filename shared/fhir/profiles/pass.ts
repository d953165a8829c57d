/** One pass of a resource through profiles: what it knows, what it has found, how much it may still do. */
import type { Definitions } from '../definitions/definitions.ts';
import type { Issue, Severity } from '../outcome.ts';
import type { ElementNode } from './element-node.ts';
import { expressionOf, type Instance } from './instance.ts';
import type { ProfileLibrary } from './profile-library.ts';
import type { Constraint } from './structure.ts';

/** An invariant to be run on an element. */
export interface InvariantCall {
  readonly instance: Instance;
  readonly constraint: Constraint;
}

/** Checks of an element against a definition that one resource may take, about a second; a bundle of 500 takes 100,000. */
const maxSteps = 400_000;
/** Errors that are told, and others. */
const maxIssues = 100;
/** Invariants of one resource. */
const maxCalls = 100_000;
/** Trials inside trials: slices by profiles that have slices by profiles. */
const maxTrials = 10;

export class TooCostly extends Error {}

/**
 * What the check is for. A profile that a resource claims and that is not known: the resource may conform, so `$validate`
 * warns, but a write that asks for a check of its profiles cannot be checked and is refused (AHDS: an error in both). What is
 * certainly not meant for use, such as an address reserved for examples, is an error in `$validate` and stops no write.
 */
export type Purpose = 'validate' | 'write';

export class Pass {
  readonly definitions: Definitions;
  readonly library: ProfileLibrary;
  readonly purpose: Purpose;
  readonly errors: Issue[] = [];
  /** Warnings and information. They never take the place of an error. */
  readonly remarks: Issue[] = [];
  readonly calls: InvariantCall[] = [];
  #told = new Set<string>();
  #seen = new WeakMap<object, Set<ElementNode>>();
  readonly #called = new WeakMap<object, Set<string>>();
  readonly #trials = new WeakMap<object, Map<unknown, boolean>>();
  #failed = false;
  #depth = 0;
  #steps = 0;

  constructor(definitions: Definitions, library: ProfileLibrary, purpose: Purpose) {
    this.definitions = definitions;
    this.library = library;
    this.purpose = purpose;
  }

  get isTrial(): boolean {
    return this.#depth > 0;
  }

  /** True when a trial is decided, so that nothing more needs to be looked at. */
  get isDecided(): boolean {
    return this.#failed;
  }

  step(): void {
    this.#steps += 1;
    if (this.#steps > maxSteps) throw new TooCostly();
  }

  report(severity: Severity, code: string, instance: Instance, diagnostics: string): void {
    if (this.isTrial) {
      this.#failed ||= severity === 'error';
      return;
    }
    this.tell({ severity, code, diagnostics, expression: [expressionOf(instance)] });
  }

  /** Notes an issue, once. */
  tell(issue: Issue): void {
    const { severity, diagnostics, expression } = issue;
    const issues = severity === 'error' ? this.errors : this.remarks;
    if (issues.length >= maxIssues) return;
    const key = `${severity} ${expression} ${diagnostics}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    issues.push(issue);
  }

  error(instance: Instance, diagnostics: string): void {
    this.report('error', 'invalid', instance, diagnostics);
  }

  /** False when the object was checked against the node before, or nothing can be kept about it. */
  isFirst({ value, companion }: Instance, node: ElementNode): boolean {
    const object = typeof value === 'object' && value !== null ? value : companion;
    if (object === undefined) return true;
    const seen = this.#seen.get(object) ?? new Set();
    this.#seen.set(object, seen);
    if (seen.has(node)) return false;
    seen.add(node);
    return true;
  }

  /** Notes an invariant to be run; once for each element and expression, however many structures have it. */
  call(instance: Instance, constraint: Constraint): void {
    if (this.isTrial || this.calls.length >= maxCalls) return;
    const { value, parent } = instance;
    const object = typeof value === 'object' && value !== null ? value : parent?.value;
    if (typeof object === 'object' && object !== null) {
      const called = this.#called.get(object) ?? new Set();
      this.#called.set(object, called);
      const key =
        object === value ? constraint.expression : `${instance.name} ${instance.step} ${constraint.expression}`;
      if (called.has(key)) return;
      called.add(key);
    }
    this.calls.push({ instance, constraint });
  }

  /** Whether `check` finds no error; what it finds is told to nobody. Remembered for the object and `about`. */
  trial(instance: Instance, about: unknown, check: () => void): boolean {
    const { value } = instance;
    const known = typeof value === 'object' && value !== null ? this.#trials.get(value) : undefined;
    const before = known?.get(about);
    if (before !== undefined) return before;
    if (this.#depth >= maxTrials) throw new TooCostly();
    const [seen, failed] = [this.#seen, this.#failed];
    this.#seen = new WeakMap();
    this.#failed = false;
    this.#depth += 1;
    try {
      check();
      const passed = !this.#failed;
      if (typeof value === 'object' && value !== null) {
        this.#trials.set(value, (known ?? new Map()).set(about, passed));
      }
      return passed;
    } finally {
      this.#seen = seen;
      this.#failed = failed;
      this.#depth -= 1;
    }
  }
}
