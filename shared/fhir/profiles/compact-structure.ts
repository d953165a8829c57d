/** From a StructureDefinition as it is published to what it demands. Unknown or malformed parts demand nothing. */
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import type { Binding, Constraint, ElementType, Slicing, Structure, StructureElement } from './structure.ts';
import { isCheckedByStructure } from './unevaluated-invariants.ts';

const maxValueSet = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';
const bestPractice = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice';
/** Elements that one structure may have; R4's largest has 700. */
const maxElements = 10_000;
/** A choice of this many types is open. */
const openChoice = 40;

/** Undefined for what is no structure: no url, no type, neither snapshot nor differential. */
export function compactStructure(published: JsonObject): Structure | undefined {
  const { url, type, baseDefinition, derivation } = published;
  if (typeof url !== 'string' || typeof type !== 'string') return undefined;
  const snapshot = elementsOf(published.snapshot);
  const elements = snapshot ?? elementsOf(published.differential);
  if (elements === undefined || elements.length > maxElements) return undefined;
  const context = objects(published.context).map((one) => ({ type: text(one.type), expression: text(one.expression) }));
  const isConstraint = derivation === 'constraint' && typeof baseDefinition === 'string';
  return {
    url,
    type,
    ...(isConstraint && { base: baseDefinition }),
    ...(type === 'Extension' && context.length > 0 && { context }),
    ...(type === 'Extension' && elements[0]?.isModifier === true && { modifier: true as const }),
    ...(snapshot === undefined && { differential: true as const }),
    elements: elementsWithIds(elements).filter(({ id }) => !isPrimitiveValue(published, id)),
  };
}

/** The value of a primitive type is the JSON value itself, no child of it. */
function isPrimitiveValue({ kind, type }: JsonObject, id: string): boolean {
  return kind === 'primitive-type' && id === `${type}.value`;
}

function elementsOf(part: JsonValue | undefined): JsonObject[] | undefined {
  const elements = isObject(part) ? objects(part.element) : [];
  return elements.length > 0 ? elements : undefined;
}

/** Ids as R4 demands them; of an element without one, from its path and what stands before it. */
function elementsWithIds(elements: readonly JsonObject[]): StructureElement[] {
  let before: string[] = [];
  return elements.map((element) => {
    const path = text(element.path).split('.');
    const given = text(element.id).split('.');
    const id = given.length === path.length ? given : impliedId(path, text(element.sliceName), before);
    before = id;
    return compactElement(id.join('.'), element);
  });
}

function impliedId(path: readonly string[], sliceName: string, before: readonly string[]): string[] {
  let isSame = true;
  return path.map((name, depth) => {
    const last = depth === path.length - 1;
    const above = before[depth];
    isSame &&= above?.split(':')[0] === name;
    if (last) return sliceName === '' ? name : `${name}:${sliceName}`;
    return isSame && above !== undefined ? above : name;
  });
}

function compactElement(id: string, element: JsonObject): StructureElement {
  const { min, max, maxLength, contentReference } = element;
  const types = typesOf(element.type);
  const binding = bindingOf(element.binding);
  const slicing = slicingOf(element.slicing);
  const constraints = objects(element.constraint).flatMap(constraintOf);
  const values = {
    fixed: choiceOf(element, 'fixed'),
    pattern: choiceOf(element, 'pattern'),
    minValue: choiceOf(element, 'minValue'),
    maxValue: choiceOf(element, 'maxValue'),
  };
  return {
    id,
    ...(typeof min === 'number' && min > 0 && { min }),
    ...(typeof max === 'string' && max !== '*' && { max }),
    ...(types.length > 0 && types.length < openChoice && { types }),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    ...(typeof maxLength === 'number' && { maxLength }),
    ...(binding && { binding }),
    ...(slicing && { slicing }),
    ...(constraints.length > 0 && { constraints }),
    ...(typeof contentReference === 'string' && { content: contentReference.replace(/^[^#]*#/, '') }),
  };
}

function typesOf(types: JsonValue | undefined): ElementType[] {
  return objects(types)
    .filter(({ code }) => typeof code === 'string' && !code.startsWith('http://hl7.org/fhirpath/'))
    .map((type) => {
      const profiles = texts(type.profile);
      const targets = texts(type.targetProfile);
      const aggregation = texts(type.aggregation);
      return {
        code: text(type.code),
        ...(profiles.length > 0 && { profiles }),
        ...(targets.length > 0 && { targets }),
        ...(aggregation.length > 0 && { aggregation }),
      };
    });
}

function bindingOf(binding: JsonValue | undefined): Binding | undefined {
  if (!isObject(binding) || typeof binding.valueSet !== 'string') return undefined;
  const max = objects(binding.extension).find(({ url }) => url === maxValueSet)?.valueCanonical;
  const { strength, valueSet } = binding;
  if (strength === 'required') return { strength, valueSet };
  if (typeof max === 'string') return { strength: 'extensible', valueSet, max };
  return strength === 'extensible' ? { strength, valueSet } : undefined;
}

function slicingOf(slicing: JsonValue | undefined): Slicing | undefined {
  if (!isObject(slicing)) return undefined;
  const { rules, ordered } = slicing;
  return {
    discriminators: objects(slicing.discriminator).map(({ type, path }) => ({ type: text(type), path: text(path) })),
    rules: rules === 'closed' || rules === 'openAtEnd' ? rules : 'open',
    ...(ordered === true && { ordered }),
  };
}

/** AHDS: advice on best practice (dom-6: a narrative) is not given. */
function constraintOf({ key, severity, expression, human, extension }: JsonObject): Constraint[] {
  if (objects(extension).some(({ url, valueBoolean }) => url === bestPractice && valueBoolean === true)) return [];
  if (typeof key !== 'string' || typeof expression !== 'string' || isCheckedByStructure(key)) return [];
  return [{ key, severity: severity === 'warning' ? 'warning' : 'error', expression, human: text(human) }];
}

/** The value of `fixed[x]`, whatever its type. */
function choiceOf(element: JsonObject, name: string): JsonValue | undefined {
  const key = Object.keys(element).find((one) => one.startsWith(name) && /^[A-Z]/.test(one.slice(name.length)));
  return key === undefined ? undefined : element[key];
}

function objects(list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function texts(list: JsonValue | undefined): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
