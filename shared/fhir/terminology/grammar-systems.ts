/**
 * Code systems that cannot be listed but can be tested: UCUM, MIME types, language tags, countries. What the grammar
 * refuses is no code; what it takes is one where that can be known here.
 */
import type { Definitions } from '../definitions/definitions.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import type { ValueSetResource } from './resources.ts';
import { ucumCodes } from './ucum-codes.ts';

/** What a grammar says of a code: its display, that it is one (true), that it is none (false), or nothing (undefined). */
type Grammar = (code: string) => Known | boolean | undefined;

interface Known {
  readonly display?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Longer ones are no codes: what reads a grammar gets no text without bounds. */
const maxCodeLength = 256;

const grammars: Readonly<Record<string, (definitions: Definitions) => Promise<Grammar> | Grammar>> = {
  'http://unitsofmeasure.org': ucumCodes,
  'urn:ietf:bcp:13': () => mediaType,
  'urn:ietf:bcp:47': languageTags,
  'urn:iso:std:iso:3166': countries,
  'urn:iso:std:iso:3166:-2': () => (code) => (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code) ? undefined : false),
};

const propertyNames: Readonly<Record<string, readonly string[]>> = {
  'http://unitsofmeasure.org': ['canonical'],
  'urn:ietf:bcp:47': ['language', 'ext-lang', 'script', 'region', 'variant', 'extension', 'private-use'],
};

export async function grammarSystem(url: string, definitions: Definitions): Promise<CodeSystem | undefined> {
  const read = Object.hasOwn(grammars, url) ? await grammars[url]?.(definitions) : undefined;
  if (!read) return undefined;
  const said: Grammar = (code) => code.length <= maxCodeLength && read(code);
  const concept = (code: string): Concept | undefined => {
    const found = said(code);
    if (!found) return undefined;
    const { display, properties: named = {} }: Known = found === true ? {} : found;
    const properties = Object.entries(named).map(([property, valueString]) => ({ code: property, valueString }));
    const alone = { designations: [], properties, abstract: false, inactive: false, parents: [], children: [] };
    return { system: url, code, ...(display !== undefined && { display }), ...alone };
  };
  return {
    url,
    weight: 100,
    complete: false,
    caseSensitive: !['urn:ietf:bcp:13', 'urn:ietf:bcp:47'].includes(url),
    properties: new Set(propertyNames[url]),
    concept,
    has: (code) => {
      const found = said(code);
      return found === undefined ? undefined : found !== false;
    },
    descendants: (code) => (said(code) ? [code] : []),
    ancestors: (code) => (said(code) ? [code] : []),
    all: undefined,
  };
}

const token = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
/** A URL or words as value of a parameter are widely written, by HL7 too, without the quotes that RFC 2045 asks for. */
const unquoted = '[^\\s;,"\\\\]+(?: [^\\s;,"\\\\]+)*';
const mediaTypePattern = new RegExp(`^${token}/${token}(\\s*;\\s*${token}=(${unquoted}|"[^"\\\\]*"))*$`);

/**
 * RFC 2045 5.1; which types are registered is not known here. R4's own resources have FHIR's short names of its formats
 * (3.1.0.1.11) where they are bound to MIME types.
 */
function mediaType(code: string): boolean {
  return mediaTypePattern.test(code) || ['json', 'xml', 'ttl'].includes(code);
}

/** RFC 5646, by the engine's own registry (ICU). A well-formed tag of a language that it does not know may be one. */
function languageTags(): Grammar {
  const languages = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' });
  const known = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  return (code) => {
    try {
      const [canonical = code] = Intl.getCanonicalLocales(code);
      const [language = ''] = canonical.split('-');
      if (known.of(language) === undefined) return undefined;
      return { display: languages.of(canonical) ?? code, properties: subtags(code) };
    } catch {
      return false;
    }
  };
}

const tagPattern =
  /^(?<language>[a-z]{2,8})(?<extlang>(-[a-z]{3}){1,3})?(-(?<script>[a-z]{4}))?(-(?<region>[a-z]{2}|\d{3}))?(?<variant>(-([a-z\d]{5,8}|\d[a-z\d]{3}))+)?(?<extension>(-[\da-wy-z](-[a-z\d]{2,8})+)+)?(-x-(?<privateuse>.+))?$/i;

/** The parts of a language tag under the names that R4's filters have for them. */
function subtags(code: string): Record<string, string> {
  const { extlang, privateuse, ...rest } = tagPattern.exec(code)?.groups ?? {};
  const parts = Object.entries({ ...rest, 'ext-lang': extlang, 'private-use': privateuse });
  return Object.fromEntries(
    parts.flatMap(([name, part]) => (part === undefined ? [] : [[name, part.replace(/^-/, '')]])),
  );
}

/** ISO 3166-1: R4 lists the codes of two letters, and names those of three letters and of digits without a list. */
function countries(definitions: Definitions): Grammar {
  const listed = definitions.published('ValueSet', 'http://hl7.org/fhir/ValueSet/iso3166-1-2') as ValueSetResource;
  const concepts = listed.compose?.include.flatMap(({ concept = [] }) => concept) ?? [];
  const known = new Map(concepts.map((concept) => [concept.code, concept]));
  return (code) => {
    if (/^[A-Z]{2}$/.test(code)) return known.get(code) ?? false;
    return /^([A-Z]{3}|\d{3})$/.test(code) ? undefined : false;
  };
}
