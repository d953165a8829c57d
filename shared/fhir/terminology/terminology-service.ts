/** What the operations need beyond what validation and search ask of a Terminology. */
import type { CodeSystem } from './code-system.ts';
import type { ValueSetResource } from './resources.ts';
import type { Terminology } from './terminology.ts';
import type { ValueSet } from './value-set.ts';

export interface TerminologyService extends Terminology {
  valueSet(canonical: string): Promise<ValueSet | undefined>;
  codeSystem(canonical: string): Promise<CodeSystem | undefined>;
  /** A value set that is stored nowhere. `versions`: the version to take of a system, where the set names none. */
  compile(resource: ValueSetResource, versions?: ReadonlyMap<string, string>): Promise<ValueSet>;
}
