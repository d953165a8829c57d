/**
 * Rules that R4 states in words and no invariant or definition expresses; the Java validator has them as code, so do we.
 * Each names its place in R4.
 */
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { checkCapabilities, checkSearchParameter, checkValueSet } from './definition-rules.ts';
import { childrenOf, type Instance } from './instance.ts';
import type { Pass } from './pass.ts';
import { targetOf } from './reference-target.ts';
import { deadLink, hasForbiddenMarkup } from './text-rules.ts';

export function checkStatedRules(instance: Instance, pass: Pass): void {
  const { type, value } = instance;
  if (isObject(value)) rules[type]?.(instance, value, pass);
  else if (type === 'string' && typeof value === 'string' && hasForbiddenMarkup(value)) {
    pass.error(instance, 'A string must not have markup that runs or loads something.');
  }
}

const rules: Readonly<Record<string, (instance: Instance, value: JsonObject, pass: Pass) => void>> = {
  Attachment: (instance, { url, data }, pass) => {
    // R4 Attachment.url: it SHALL resolve to actual data, which no name that RFC 2606 reserves for examples does.
    if (data === undefined && typeof url === 'string' && reservedHost.test(url)) {
      const severity = pass.purpose === 'write' ? 'warning' : 'error';
      pass.report(
        severity,
        'invalid',
        instance,
        'The url of an attachment leads nowhere: it is reserved for examples.',
      );
    }
  },
  Bundle: checkBundle,
  CapabilityStatement: checkCapabilities,
  CodeSystem: (instance, { supplements, content }, pass) => {
    // R4 CodeSystem.supplements: only a supplement has it.
    if (supplements !== undefined && content !== 'supplement') pass.error(instance, 'A supplement says so in content.');
  },
  Coding: (instance, { system }, pass) => {
    // R4 Coding.system: an absolute reference, never one to another element or place of this server.
    if (typeof system === 'string' && !isAbsolute(system)) pass.error(instance, 'The system must be an absolute URI.');
  },
  Identifier: (instance, { system, value }, pass) => {
    // R4 Identifier.system: with urn:ietf:rfc:3986 the value itself is a full URI.
    if (system === 'urn:ietf:rfc:3986' && typeof value === 'string' && !isAbsolute(value)) {
      pass.error(instance, 'An identifier of the system urn:ietf:rfc:3986 must be a full URI.');
    }
  },
  Narrative: (instance, { div }, pass) => {
    const link = typeof div === 'string' ? deadLink(div) : undefined;
    if (link !== undefined) pass.error(instance, 'A link of the narrative is a URN, which leads nowhere.');
  },
  Reference: checkReferenceInBundle,
  SearchParameter: checkSearchParameter,
  StructureDefinition: checkPaths,
  ValueSet: checkValueSet,
};

const reservedHost = /^https?:\/\/(?:[\w-]+\.)*(?:example\.(?:com|net|org)|[\w-]+\.(?:example|invalid))(?=[:/?#]|$)/i;

function isAbsolute(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:./i.test(uri);
}

/** Links of one kind stand once (R4 Bundle.link, RFC 5988). */
const singleLinks = ['self', 'first', 'previous', 'prev', 'next', 'last'];

function checkBundle(bundle: Instance, { type, link }: JsonObject, pass: Pass): void {
  const relations = objects(link).map(({ relation }) => relation);
  for (const relation of singleLinks) {
    if (relations.filter((one) => one === relation).length > 1) {
      pass.error(bundle, `A bundle has one link ${relation} at most.`);
    }
  }
  for (const entry of childrenOf(bundle, 'entry', pass.definitions)) {
    if (!isObject(entry.value)) continue;
    checkFullUrl(entry, entry.value, String(type), pass);
    if (type === 'searchset') checkSearchEntry(entry, entry.value, pass);
  }
}

/** R4 Bundle.entry.fullUrl: absolute; in a document, one of a server is that of a resource with an id. */
function checkFullUrl(entry: Instance, { fullUrl, resource }: JsonObject, type: string, pass: Pass): void {
  if (typeof fullUrl !== 'string') return;
  if (!isAbsolute(fullUrl)) pass.error(entry, 'The fullUrl must be an absolute URL.');
  if (type !== 'document' || !isObject(resource) || resource.id !== undefined) return;
  const [, urlType] = /^https?:.*\/([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}$/.exec(fullUrl) ?? [];
  if (urlType === resource.resourceType) pass.error(entry, 'The resource lacks the id that its fullUrl tells.');
}

/** R4 3.1.1.5.1: an outcome is an OperationOutcome; a match was found under its id. */
function checkSearchEntry(entry: Instance, { search, resource }: JsonObject, pass: Pass): void {
  if (!isObject(resource)) return;
  const mode = isObject(search) ? search.mode : undefined;
  if (mode === 'outcome' && resource.resourceType !== 'OperationOutcome') {
    pass.error(entry, 'An outcome is an OperationOutcome.');
  }
  if (mode === 'match' && resource.id === undefined) pass.error(entry, 'A match has an id.');
}

/** R4 2.36.4.1: references inside a bundle follow the fullUrl of its entries. */
function checkReferenceInBundle(instance: Instance, { reference }: JsonObject, pass: Pass): void {
  if (typeof reference !== 'string') return;
  const [, type, id] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(reference) ?? [];
  if (type === undefined || !pass.definitions.isResourceType(type)) return;
  const target = targetOf(instance, pass.definitions);
  if (target?.found && target.found.type !== type) {
    pass.error(instance, `The reference says ${type}, in the bundle it is ${target.found.type}.`);
  }
  if (target?.how !== 'referenced' || isAbsolute(reference)) return;
  checkUuid(instance, type, String(id), pass);
  const bundle = documentOf(instance);
  const isLookedFor = ({ resource }: JsonObject) =>
    isObject(resource) && resource.resourceType === type && resource.id === id;
  if (objects(bundle?.entry).some(isLookedFor)) {
    pass.error(instance, 'The document has the resource, but under a fullUrl that the reference does not lead to.');
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A UUID is of one thing only (RFC 4122): an entry that has it under another type is not what the reference says. */
function checkUuid(instance: Instance, type: string, id: string, pass: Pass): void {
  if (!uuid.test(id)) return;
  const fullUrl = `urn:uuid:${id.toLowerCase()}`;
  const entry = objects(bundleOf(instance)?.entry).find((one) => String(one.fullUrl).toLowerCase() === fullUrl);
  const found = isObject(entry?.resource) ? entry.resource.resourceType : type;
  if (found !== type) pass.error(instance, `The reference says ${type}, in the bundle it is ${String(found)}.`);
}

function bundleOf(instance: Instance): JsonObject | undefined {
  for (let at: Instance | undefined = instance; at; at = at.parent) {
    if (at.type === 'Bundle' && isObject(at.value)) return at.value;
  }
  return undefined;
}

function documentOf(instance: Instance): JsonObject | undefined {
  const bundle = bundleOf(instance);
  return bundle?.type === 'document' ? bundle : undefined;
}

/** R4 5.1.0.13: a profile speaks of elements that its type has, a choice as `value[x]` or by one of its types. */
function checkPaths(instance: Instance, { type, derivation, differential }: JsonObject, pass: Pass): void {
  if (derivation !== 'constraint' || !isObject(differential)) return;
  for (const { path } of objects(differential.element)) {
    if (typeof path !== 'string') continue;
    const [root = '', ...names] = path.split('.');
    if (root !== type || !leads(root, names, pass)) {
      pass.error(instance, `${String(type)} has no element at the path ${path}.`);
    }
  }
}

/** True also where the path goes on in a choice of several types. */
function leads(root: string, names: readonly string[], { definitions }: Pass): boolean {
  let type = root;
  for (const name of names) {
    const elements = definitions.type(type)?.elements;
    if (!elements || type === 'Resource') return true;
    if (name.endsWith('[x]')) return [...elements.values()].some(({ choice }) => `${choice}[x]` === name);
    const element = elements.get(name);
    if (!element) return false;
    type = element.type;
  }
  return true;
}

function objects(list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
