/**
 * Extensions that are known here, R4's and stored ones: their content, where they may stand, and whether they are
 * modifiers. Source: FHIR R4 2.5 (Extensibility). An unknown extension says nothing to anyone and is right; an unknown
 * modifier may change the meaning of what it stands in and is an error.
 */
import { isObject } from '../resource/json.ts';
import type { Instance } from './instance.ts';
import { isModifierElsewhere } from './modifiers-elsewhere.ts';
import type { Pass } from './pass.ts';
import type { Profile } from './profile-library.ts';
import type { ExtensionContext } from './structure.ts';

export function checkExtension(
  extension: Instance,
  pass: Pass,
  checkProfile: (instance: Instance, profile: Profile, pass: Pass) => void,
): void {
  const { value, parent } = extension;
  const url = isObject(value) ? value.url : undefined;
  // The parts of an extension have names, not addresses.
  if (typeof url !== 'string' || !/^[a-z][a-z0-9+.-]*:/i.test(url)) return;
  const profile = pass.library.profile(url);
  const isModifier = extension.name === 'modifierExtension';
  if (profile === null) checkUnknown(extension, url, isModifier, pass);
  if (profile?.structure.type !== 'Extension') return;
  const { context, modifier } = profile.structure;
  if (modifier !== undefined && !isModifier) pass.error(extension, `The extension ${url} is a modifier.`);
  if (modifier === undefined && isModifier) pass.error(extension, `The extension ${url} is not a modifier.`);
  if (parent && context && !context.some((one) => isAllowed(parent, one))) {
    pass.error(extension, `The extension ${url} may not stand in ${parent.type}.`);
  }
  checkProfile(extension, profile, pass);
}

/** One that stands for an element of another release is a modifier where that element is. */
function checkUnknown(extension: Instance, url: string, isModifier: boolean, pass: Pass): void {
  const mayModify = isModifierElsewhere(url);
  if (isModifier && !mayModify) pass.error(extension, `The modifier extension ${url} is not known here.`);
  if (!isModifier && mayModify) pass.error(extension, `The extension ${url} is a modifier.`);
}

/** Contexts by FHIRPath are taken as they are. */
function isAllowed(holder: Instance, { type, expression }: ExtensionContext): boolean {
  if (type === 'fhirpath') return true;
  if (type === 'extension') {
    return holder.type === 'Extension' && isObject(holder.value) && holder.value.url === expression;
  }
  return namesOf(holder).has(expression);
}

/** What a context may call an element: its type, its path, and the kinds that it is of. */
function namesOf({ type, name, parent }: Instance): Set<string> {
  const names = new Set([type]);
  if (!parent || /^[A-Z]/.test(name)) return names.add('Resource').add('DomainResource');
  const isResource = /^(contained|resource)$/.test(name) && !type.includes('.');
  if (isResource) return names.add('Resource').add('DomainResource');
  names
    .add('Element')
    .add(`${parent.type}.${name}`)
    .add(`${parent.type}.${name.replace('[x]', '')}`);
  if (type.includes('.')) names.add('BackboneElement');
  return names;
}
