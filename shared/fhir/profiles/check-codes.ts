/** Bindings. Source: FHIR R4 4.1.5: required is an error, extensible a warning; preferred and example demand nothing. */
import { codingsOf, isCoded, isQuantity, membershipOf } from './coded-value.ts';
import type { Instance } from './instance.ts';
import type { Pass } from './pass.ts';
import type { Binding } from './structure.ts';

/** AHDS: `code-invalid` for a code outside the value set, also where it is only a warning. */
export function checkBinding(instance: Instance, { strength, valueSet, max }: Binding, pass: Pass): void {
  if (!isCoded(instance.type)) return;
  checkKnownCodes(instance, pass);
  const isRequired = strength === 'required';
  if (max !== undefined) checkMembership(instance, max, true, pass);
  checkMembership(instance, valueSet, isRequired, pass);
}

function checkMembership(instance: Instance, canonical: string, isRequired: boolean, pass: Pass): void {
  const set = pass.library.valueSet(canonical);
  if (set === undefined) return;
  if (set === null) {
    pass.report(
      'information',
      'incomplete',
      instance,
      `The value set ${canonical} is not known here; the code was not checked.`,
    );
    return;
  }
  const membership = membershipOf(instance, set);
  const isOutside = membership === 'out' || (membership === 'none' && isRequired && !isQuantity(instance.type));
  if (!isOutside) return;
  const severity = isRequired ? 'error' : 'warning';
  pass.report(severity, 'code-invalid', instance, `The code is not in the value set ${canonical}.`);
}

/** A code that its own system does not have, as far as that is known here. */
export function checkKnownCodes(instance: Instance, pass: Pass): void {
  if (instance.type !== 'Coding') return;
  for (const { system, code } of codingsOf(instance)) {
    if (typeof system !== 'string' || typeof code !== 'string') continue;
    if (pass.library.codeSystem(system)?.has(code) === false) {
      pass.report('error', 'code-invalid', instance, `The code system ${system} has no such code.`);
    }
  }
}
