/**
 * An element of an instance against what a structure demands of it. Source: FHIR R4 ElementDefinition, 5.1 (Profiling).
 * Every value is also checked against its type, and an extension against its definition: so a structure need only say
 * what it adds.
 */
import type { Severity } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import { checkBinding, checkKnownCodes } from './check-codes.ts';
import { checkExtension } from './check-extension.ts';
import { checkReference } from './check-reference.ts';
import { checkSlices } from './check-slices.ts';
import type { ElementNode } from './element-node.ts';
import { hasPattern, isFixed } from './fixed-value.ts';
import { childrenOf, type Instance } from './instance.ts';
import type { Pass } from './pass.ts';
import type { Profile } from './profile-library.ts';
import { checkStatedRules } from './stated-rules.ts';
import type { ElementType } from './structure.ts';
import { isBroken } from './unevaluated-invariants.ts';
import { limitFault } from './value-limits.ts';
import { vitalSignProfiles } from './vital-signs.ts';

const coreStructure = 'http://hl7.org/fhir/StructureDefinition/';

/** Against a profile, by its root. */
export function checkProfile(instance: Instance, { root, structure }: Profile, pass: Pass): void {
  if (structure.type !== instance.type && !isAbstract(structure.type)) {
    pass.error(instance, `The profile ${structure.url} is for ${structure.type}, not for ${instance.type}.`);
    return;
  }
  checkElement(instance, root, root, pass);
}

/** Against the definition of its type, and a resource against the profiles that it names. */
export function checkType(instance: Instance, pass: Pass): void {
  if (instance.type.includes('.') || instance.value === undefined) return;
  const profile = pass.library.profile(coreStructure + instance.type);
  if (profile) checkElement(instance, profile.root, profile.root, pass);
  checkStatedRules(instance, pass);
  if (instance.type === 'Extension') checkExtension(instance, pass, checkProfile);
  if (pass.definitions.isResourceType(instance.type) && instance.parent) checkClaimed(instance, pass);
}

/** The profiles in `meta.profile`, and those that R4 demands of its kind. */
export function checkClaimed(instance: Instance, pass: Pass): void {
  for (const canonical of [...claimedProfiles(instance.value), ...vitalSignProfiles(instance.value)]) {
    checkCanonical(instance, canonical, pass.purpose === 'write' ? 'error' : 'warning', pass);
  }
}

export function checkCanonical(instance: Instance, canonical: string, ifUnknown: Severity, pass: Pass): void {
  const profile = pass.library.profile(canonical);
  if (profile) checkProfile(instance, profile, pass);
  else if (profile === null) {
    pass.report(ifUnknown, 'incomplete', instance, `The profile ${canonical} is not known here.`);
  }
}

function claimedProfiles(value: JsonValue | undefined): string[] {
  const meta = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.meta : undefined;
  const claimed = typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? meta.profile : undefined;
  return Array.isArray(claimed) ? claimed.filter((one) => typeof one === 'string') : [];
}

/** `root` is that of the structure that has `node`. */
export function checkElement(instance: Instance, node: ElementNode, root: ElementNode, pass: Pass): void {
  pass.step();
  if (pass.isDecided || !pass.isFirst(instance, node)) return;
  checkValue(instance, node, pass);
  const content = contentOf(node, root);
  for (const child of content.children.values()) checkChild(instance, child, root, pass);
  checkTypeProfiles(instance, node, pass);
  if (node !== root && node.slice === undefined) checkType(instance, pass);
}

/** `contentReference`: the element has the content of another of the structure. */
function contentOf(node: ElementNode, root: ElementNode): ElementNode {
  const { content } = node.definition;
  if (content === undefined || node.children.size > 0) return node;
  return root.find(content.split('.').slice(1)) ?? node;
}

function checkChild(parent: Instance, child: ElementNode, root: ElementNode, pass: Pass): void {
  const values = childrenOf(parent, child.name, pass.definitions);
  checkCount(parent, child, values.length, pass);
  for (const value of values) checkElement(value, child, root, pass);
  if (child.slices.length > 0 || child.definition.slicing) checkSlices(parent, child, values, root, pass, checkElement);
}

/** How often an element, or a slice of it, stands in its parent. */
export function checkCount(parent: Instance, node: ElementNode, count: number, pass: Pass): void {
  const { min = 0, max = '*' } = node.definition;
  const named = node.slice === undefined ? node.name : `${node.name}:${node.slice}`;
  if (count < min) pass.error(parent, `${named} must be there at least ${min} times, found ${count}.`);
  if (max !== '*' && count > Number(max)) {
    pass.error(parent, `${named} may be there at most ${max} times, found ${count}.`);
  }
}

function checkValue(instance: Instance, node: ElementNode, pass: Pass): void {
  const { definition } = node;
  const { types, fixed, pattern, binding, constraints = [] } = definition;
  const { value } = instance;
  if (types && !types.some(({ code }) => isOfType(instance, code))) {
    pass.error(instance, `The type must be ${types.map(({ code }) => code).join(' or ')}, found ${instance.type}.`);
  }
  if (value !== null && value !== undefined) {
    if (fixed !== undefined && !isFixed(value, fixed)) pass.error(instance, 'The value is not the one that is fixed.');
    if (pattern !== undefined && !hasPattern(value, pattern)) {
      pass.error(instance, 'The value lacks what the pattern demands.');
    }
    const fault = limitFault(value, definition);
    if (fault !== undefined) pass.error(instance, fault);
    if (binding) checkBinding(instance, binding, pass);
    else checkKnownCodes(instance, pass);
    if (types && instance.type === 'Reference') checkReference(instance, types, pass, checkProfile);
  }
  // An extension may say why there is no code; that is no code of the value set (R4 4.1.5.1).
  if (value === null && binding?.strength === 'required' && lacksCode(instance)) {
    pass.report('error', 'code-invalid', instance, `A code of the value set ${binding.valueSet} is required.`);
  }
  for (const constraint of constraints) if (!isBroken(constraint.key)) pass.call(instance, constraint);
}

/** A code of a later release may stand in an extension of that release instead (R4 `alternate-code`, cross-version). */
function lacksCode({ type, companion }: Instance): boolean {
  const extensions = Array.isArray(companion?.extension) ? companion.extension : [];
  return type === 'code' && !extensions.some((one) => isObject(one) && laterRelease.test(String(one.url)));
}

const laterRelease = /^http:\/\/hl7\.org\/fhir\/\d\.\d\/StructureDefinition\//;

/** One of the profiles that its type demands. */
function checkTypeProfiles(instance: Instance, { definition: { types = [] } }: ElementNode, pass: Pass): void {
  const canonicals = types.filter(({ code }) => isOfType(instance, code)).map(({ profiles }) => profiles);
  if (canonicals.length === 0 || canonicals.some((profiles) => profiles === undefined)) return;
  const demanded = canonicals.flatMap((profiles) => profiles ?? []);
  const [only] = demanded;
  if (demanded.length === 1 && only !== undefined) {
    const profile = pass.library.profile(only);
    if (profile) checkProfile(instance, profile, pass);
    return;
  }
  const fits = demanded.some((canonical) => conformsTo(instance, canonical, pass) !== false);
  if (!fits) pass.error(instance, `The value conforms to none of ${demanded.join(', ')}.`);
}

/** Undefined when the profile is not known. */
export function conformsTo(instance: Instance, canonical: string, pass: Pass): boolean | undefined {
  const profile = pass.library.profile(canonical);
  return profile ? pass.trial(instance, profile, () => checkProfile(instance, profile, pass)) : undefined;
}

export function isOfType({ type }: Instance, code: ElementType['code']): boolean {
  if (code === type || type.includes('.') || isAbstract(code)) return true;
  // A profile of Quantity is written as a type of its own (SimpleQuantity, MoneyQuantity).
  return code.endsWith('Quantity') && type === 'Quantity';
}

function isAbstract(code: string): boolean {
  return ['Resource', 'DomainResource', 'Element', 'BackboneElement'].includes(code);
}
