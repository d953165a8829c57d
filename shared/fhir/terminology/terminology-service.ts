/** What the operations need beyond what validation and search ask of a Terminology. */
import type { CodeSystem } from './code-system.ts';
import type { CodeSystemResource, ValueSetResource } from './resources.ts';
import type { Terminology } from './terminology.ts';
import type { ValueSet } from './value-set.ts';

/** `url` or `url|version` of a code system as a value set has it → the one to take. May throw `FhirError`. */
export type ChooseVersion = (canonical: string) => string;

export interface TerminologyService extends Terminology {
  valueSet(canonical: string): Promise<ValueSet | undefined>;
  codeSystem(canonical: string): Promise<CodeSystem | undefined>;
  /** A value set that was sent, or is taken with other versions of its systems; it is not kept. */
  compile(resource: ValueSetResource, chooseVersion?: ChooseVersion): Promise<ValueSet>;
  /** A code system that was sent; it is not kept. */
  compileSystem(resource: CodeSystemResource): Promise<CodeSystem>;
}
