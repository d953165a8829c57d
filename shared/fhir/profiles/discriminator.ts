/** Whether a value belongs to a slice. Source: FHIR R4 ElementDefinition.slicing.discriminator; 5.1.0.12 for the paths. */
import { isObject } from '../resource/json.ts';
import { checkElement, conformsTo, isOfType } from './check-element.ts';
import type { ElementNode } from './element-node.ts';
import { childrenOf, type Instance } from './instance.ts';
import type { Pass } from './pass.ts';
import { targetOf } from './reference-target.ts';
import type { Discriminator, ElementType, Slicing } from './structure.ts';

/** All discriminators of which the slice says something say yes, and one at least does. */
export function matchesSlice(value: Instance, slice: ElementNode, { discriminators }: Slicing, pass: Pass): boolean {
  pass.step();
  const verdicts = discriminators.map((discriminator) => verdictOf(value, slice, discriminator, pass));
  return verdicts.includes(true) && !verdicts.includes(false);
}

type Step =
  | { readonly kind: 'child'; readonly name: string }
  | { readonly kind: 'extension'; readonly url: string }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'resolve' };

const stepPattern =
  /\$this|resolve\(\)|extension\(\s*['"]([^'"]*)['"]\s*\)|ofType\(\s*(\w+)\s*\)|([A-Za-z]\w*)(\[x\])?/g;

/** The steps of the restricted FHIRPath that discriminators are written in; `$this` has none. */
function stepsOf(path: string): Step[] {
  return [...path.matchAll(stepPattern)].flatMap(([step, url, type, name]): Step[] => {
    if (step === '$this') return [];
    if (step === 'resolve()') return [{ kind: 'resolve' }];
    if (url !== undefined) return [{ kind: 'extension', url }];
    if (type !== undefined) return [{ kind: 'type', type }];
    return name === undefined ? [] : [{ kind: 'child', name }];
  });
}

/** Undefined when the slice says nothing at the path. */
function verdictOf(
  value: Instance,
  slice: ElementNode,
  { type, path }: Discriminator,
  pass: Pass,
): boolean | undefined {
  const steps = stepsOf(path);
  const found = steps.reduce((values: Instance[], step) => values.flatMap((one) => take(one, step, pass)), [value]);
  const isResolved = steps.at(-1)?.kind === 'resolve';
  const nodes = definitionsAt(slice, isResolved ? steps.slice(0, -1) : steps, pass);
  const types = nodes.flatMap(({ definition }) => definition.types ?? []);
  if (type === 'exists') return existsVerdict(nodes[0], found.length);
  const said = nodes.filter(isSaid);
  if (path === 'url' && said.length === 0) return urlVerdict(value, slice);
  if (isResolved) return targetVerdict(found, types, pass);
  if (type === 'type') return types.length === 0 ? undefined : typeVerdict(found, types);
  if (type === 'profile') return profileVerdict(found, types, pass);
  if (said.length === 0) return undefined;
  return found.some((one) => said.some((node) => pass.trial(one, node, () => checkElement(one, node, node, pass))));
}

/** What is at the step from `value`. */
function take(value: Instance, step: Step, pass: Pass): Instance[] {
  const { definitions } = pass;
  switch (step.kind) {
    case 'resolve': {
      const target = targetOf(value, definitions);
      if (!target) return [];
      return [target.found ?? { ...value, value: undefined, type: target.type ?? '' }];
    }
    case 'extension':
      return childrenOf(value, 'extension', definitions).filter(
        ({ value: one }) => isObject(one) && one.url === step.url,
      );
    case 'type':
      return value.type === step.type ? [value] : [];
    default: {
      const own = childrenOf(value, step.name, definitions);
      return own.length > 0 ? own : childrenOf(value, `${step.name}[x]`, definitions);
    }
  }
}

/** What the slice says at the steps: in itself, in slices on the way, or in the profile that its type demands. */
function definitionsAt(slice: ElementNode, steps: readonly Step[], pass: Pass): ElementNode[] {
  return steps.reduce(
    (nodes: ElementNode[], step) =>
      nodes.flatMap((node) => {
        const own = below(node, step);
        return own.length > 0 ? own : belowProfile(node, step, pass);
      }),
    [slice],
  );
}

function below(node: ElementNode, step: Step): ElementNode[] {
  if (step.kind === 'extension') {
    const extensions = node.children.get('extension')?.slices ?? [];
    return extensions.filter(({ definition }) =>
      definition.types?.some(({ profiles }) => profiles?.includes(step.url)),
    );
  }
  if (step.kind !== 'child') return [node];
  const child = node.children.get(step.name) ?? node.children.get(`${step.name}[x]`);
  return child ? [child, ...child.slices] : [];
}

function belowProfile(node: ElementNode, step: Step, pass: Pass): ElementNode[] {
  const [canonical] = node.definition.types?.flatMap(({ profiles = [] }) => profiles) ?? [];
  const profile = canonical === undefined ? undefined : pass.library.profile(canonical);
  return profile ? below(profile.root, step) : [];
}

/** True where an element demands something of the value itself or of what is in it. */
function isSaid(node: ElementNode): boolean {
  const { fixed, pattern, binding } = node.definition;
  if (fixed !== undefined || pattern !== undefined || binding?.strength === 'required') return true;
  return [...node.children.values(), ...node.slices].some(isSaid);
}

function existsVerdict(node: ElementNode | undefined, count: number): boolean | undefined {
  if (!node) return undefined;
  const { min = 0, max = '*' } = node.definition;
  if (max === '0') return count === 0;
  return min > 0 ? count > 0 : undefined;
}

/** An extension's slice by the profile that it names, whose canonical is the url. */
function urlVerdict({ value }: Instance, { definition: { types = [] } }: ElementNode): boolean | undefined {
  const canonicals = types.flatMap(({ profiles = [] }) => profiles);
  if (canonicals.length === 0) return undefined;
  return isObject(value) && canonicals.some((canonical) => canonical.split('|')[0] === value.url);
}

function typeVerdict(found: readonly Instance[], types: readonly ElementType[]): boolean {
  return found.some((one) => types.some(({ code }) => isOfType(one, code)));
}

function profileVerdict(found: readonly Instance[], types: readonly ElementType[], pass: Pass): boolean | undefined {
  const canonicals = types.flatMap(({ profiles = [] }) => profiles);
  if (canonicals.length === 0) return typeVerdict(found, types);
  return found.some((one) => canonicals.some((canonical) => conformsTo(one, canonical, pass)));
}

/** By the targets that the slice's reference allows: the resource itself where it is here, else its type. */
function targetVerdict(found: readonly Instance[], types: readonly ElementType[], pass: Pass): boolean | undefined {
  const canonicals = types.flatMap(({ targets = [] }) => targets);
  if (canonicals.length === 0) return undefined;
  return found.some((one) =>
    canonicals.some((canonical) => {
      if (one.value !== undefined) return conformsTo(one, canonical, pass);
      return pass.library.profile(canonical)?.structure.type === one.type;
    }),
  );
}
