/** Targets of references and how they are referred to. Source: FHIR R4 ElementDefinition.type (targetProfile, aggregation). */
import { isObject } from '../resource/json.ts';
import type { Instance } from './instance.ts';
import type { Pass } from './pass.ts';
import type { Profile } from './profile-library.ts';
import { type ReferenceTarget, targetOf } from './reference-target.ts';
import type { ElementType } from './structure.ts';

const coreStructure = 'http://hl7.org/fhir/StructureDefinition/';

export function checkReference(
  reference: Instance,
  types: readonly ElementType[],
  pass: Pass,
  checkProfile: (instance: Instance, profile: Profile, pass: Pass) => void,
): void {
  const own = types.filter(({ code }) => code === 'Reference');
  const targets = own.flatMap((type) => type.targets ?? []);
  const target = targetOf(reference, pass.definitions);
  if (!target) return;
  checkAggregation(reference, own, target, pass);
  if (targets.length === 0 || own.some((type) => type.targets === undefined)) return;
  const verdicts = targets.map((canonical) => fits(target, canonical, pass, checkProfile));
  if (verdicts.every((verdict) => verdict === false)) {
    const allowed = targets.map((canonical) => canonical.replace(coreStructure, ''));
    pass.error(reference, `The target must be ${allowed.join(' or ')}, found ${target.type ?? 'another'}.`);
  }
}

/** Undefined when it cannot be told: the target or the profile is not here. */
function fits(
  { type, found }: ReferenceTarget,
  canonical: string,
  pass: Pass,
  checkProfile: (instance: Instance, profile: Profile, pass: Pass) => void,
): boolean | undefined {
  if (type === undefined) return undefined;
  const [url = ''] = canonical.split('|');
  const core = url.startsWith(coreStructure) ? url.slice(coreStructure.length) : '';
  if (core === 'Resource' || core === 'DomainResource') return true;
  if (pass.definitions.isResourceType(core)) return type === core;
  const profile = pass.library.profile(canonical);
  if (!profile) return undefined;
  if (profile.structure.type !== type) return false;
  if (!found || !isObject(found.value)) return undefined;
  return pass.trial(found, profile, () => checkProfile(found, profile, pass));
}

function checkAggregation(
  reference: Instance,
  types: readonly ElementType[],
  { how }: ReferenceTarget,
  pass: Pass,
): void {
  const [only, ...others] = types;
  const allowed = others.length === 0 ? only?.aggregation : undefined;
  if (!allowed || allowed.includes(how) || (how === 'bundled' && allowed.includes('referenced'))) return;
  // A target outside may still be in a bundle that this resource will be put into.
  if (how === 'referenced' && allowed.includes('bundled')) return;
  pass.error(reference, `The target must be ${allowed.join(' or ')}.`);
}
