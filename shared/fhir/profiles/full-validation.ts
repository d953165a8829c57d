/**
 * All that can be said about a resource: its structure, then invariants, bindings, extensions, targets of references, and
 * the profiles that it names or that the caller asks for. `$validate` and writes with `x-ms-profile-validation` use it.
 * AHDS: whatever is wrong with the content is `invalid`, a code `code-invalid`, an unknown profile `incomplete`.
 */
import { breather } from '../bundle/processing-order.ts';
import type { StoredCanonicals } from '../conformance/stored-canonicals.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Issue } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { checkCanonical, checkClaimed, checkType } from './check-element.ts';
import { childrenOf, rootInstance, stepsOf } from './instance.ts';
import type { InvariantRunner } from './invariant-runner.ts';
import { Pass, type Purpose, TooCostly } from './pass.ts';
import { CompiledProfiles, Wanted } from './profile-library.ts';

/** Times that a check is run anew with what it had asked for. */
const maxRounds = 30;

const tooCostly: Issue = {
  severity: 'error',
  code: 'too-costly',
  diagnostics: 'The validation took more than it may.',
};

export interface FullValidationParts {
  readonly definitions: Definitions;
  readonly validate: (resource: Resource) => Issue[];
  readonly canonicals: StoredCanonicals;
  readonly terminology: Terminology;
  readonly invariants: InvariantRunner;
}

export class FullValidation {
  readonly #definitions: Definitions;
  readonly #structure: (resource: Resource) => Issue[];
  readonly #profiles: CompiledProfiles;
  readonly #invariants: InvariantRunner;

  constructor(parts: FullValidationParts) {
    this.#definitions = parts.definitions;
    this.#structure = parts.validate;
    this.#invariants = parts.invariants;
    this.#profiles = new CompiledProfiles(parts.definitions, parts.canonicals, parts.terminology);
  }

  /** What is wrong, errors, warnings and information, with the profiles in `meta.profile` and those of `asked`. */
  async issues(resource: Resource, asked: readonly string[] = [], purpose: Purpose = 'validate'): Promise<Issue[]> {
    const structure = this.#structure(resource);
    // What is broken has no elements that a profile could speak of.
    if (structure.length > 0) return structure.map((issue) => ({ ...issue, code: 'invalid' }));
    try {
      const pass = await this.#pass(resource, asked, purpose);
      await this.#runInvariants(resource, pass);
      return [...pass.errors, ...pass.remarks];
    } catch (error) {
      if (error instanceof TooCostly) return [tooCostly];
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#invariants.close();
  }

  /** Runs again and again until nothing is missing. Waits only to let other requests in between the entries of a bundle. */
  async #pass(resource: Resource, asked: readonly string[], purpose: Purpose): Promise<Pass> {
    for (let round = 1; ; round += 1) {
      const wanted = new Wanted();
      const pass = new Pass(this.#definitions, this.#profiles.library(wanted), purpose);
      const instance = rootInstance(resource);
      const breathe = breather();
      for (const entry of childrenOf(instance, 'entry', this.#definitions)) {
        for (const entryResource of childrenOf(entry, 'resource', this.#definitions)) checkType(entryResource, pass);
        await breathe();
      }
      checkType(instance, pass);
      checkClaimed(instance, pass);
      for (const canonical of asked) checkCanonical(instance, canonical, 'error', pass);
      if (wanted.isEmpty) return pass;
      if (round === maxRounds) throw new TooCostly();
      await this.#profiles.load(wanted);
    }
  }

  async #runInvariants(resource: Resource, pass: Pass): Promise<void> {
    const { calls } = pass;
    if (calls.length === 0) return;
    const verdicts = await this.#invariants.run({
      resource,
      calls: calls.map(({ instance, constraint }) => ({
        steps: stepsOf(instance),
        type: instance.type,
        expression: constraint.expression,
      })),
    });
    if (verdicts === 'too-costly') throw new TooCostly();
    for (const [at, verdict] of verdicts.entries()) {
      const call = calls[at];
      if (verdict === true || !call) continue;
      const { key, severity, human } = call.constraint;
      if (verdict === false) pass.report(severity, 'invalid', call.instance, `${key}: ${human}`);
      else pass.report('warning', 'not-supported', call.instance, `${key} could not be evaluated.`);
    }
  }
}
