/** The words of a resource for `_text` and `_content`. FHIR R4 3.1.1.4.12. The text is PHI and stays inside the store. */
import { fold, type TextEntry } from '../../stores/resources/index-entry.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';

/** Characters of a resource that are indexed; what stands behind them is not found. */
const mostText = 1_000_000;
/** Members whose values are addresses and encoded bytes, not text. */
const notText: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta', 'url', 'system', 'reference', 'data']);
const dateLike = /^\d{4}-\d\d/;

export function textEntries(resource: Resource): TextEntry[] {
  const narrative: string[] = [];
  const content: string[] = [];
  collect(resource, narrative, content);
  const entries: TextEntry[] = [];
  if (narrative.length > 0) entries.push({ param: 'Resource._text', kind: 'text', text: folded(narrative) });
  if (content.length > 0) entries.push({ param: 'Resource._content', kind: 'text', text: folded(content) });
  return entries;
}

function collect(object: JsonObject, narrative: string[], content: string[]): void {
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined || notText.has(name)) continue;
    for (const item of Array.isArray(value) ? value : [value]) take(name, item, narrative, content);
  }
}

function take(name: string, value: JsonValue, narrative: string[], content: string[]): void {
  if (typeof value === 'string') {
    if (name === 'div') narrative.push(withoutMarkup(value));
    else if (!dateLike.test(value)) content.push(value);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    collect(value, narrative, content);
  }
}

/** The text between the tags; a character reference stands for its character. */
function withoutMarkup(xhtml: string): string {
  return xhtml.replace(/<[^>]*>/g, ' ').replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, character);
}

function character(_: string, decimal?: string, hexadecimal?: string): string {
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '', 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}

function folded(texts: readonly string[]): string {
  return fold(texts.join('\n').slice(0, mostText));
}
