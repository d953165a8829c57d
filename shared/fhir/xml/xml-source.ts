/**
 * Reads the elements of an XML document one by one, from left to right, each character once. Source: XML 1.0 (fifth
 * edition), Namespaces in XML 1.0. Of XML it leaves out what a resource never needs: a DOCTYPE with its entities is
 * refused, comments and processing instructions are passed over, names are ASCII.
 */
import type { FhirError } from '../outcome.ts';
import { faultAt } from '../resource/json.ts';

export interface Attribute {
  /** As written, with its prefix. */
  readonly name: string;
  readonly value: string;
}

export interface StartTag {
  /** Without prefix. */
  readonly name: string;
  readonly prefix: string;
  /** Empty for none. */
  readonly namespace: string;
  /** Without the declarations of namespaces and without schema hints (`xsi:schemaLocation`). */
  readonly attributes: readonly Attribute[];
  /** Where the tag starts in the text. */
  readonly at: number;
}

interface Namespaces {
  readonly default: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

interface OpenElement {
  readonly name: string;
  readonly namespaces: Namespaces;
}

/** They are compared with each other, so their number is bounded. */
const maxAttributes = 64;
const maxPrefixes = 32;
const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';
const xmlPrefix: Namespaces = { default: '', prefixes: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]) };
const forbiddenCharacter = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const xmlDeclaration = /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.\d["']([^?]{0,100})\?>/;
const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** What may stand in a name, by character code. */
const nameCodes = new Set([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:'].map(codeOf));
const isNameCode = Uint8Array.from({ length: 128 }, (_, code) => Number(nameCodes.has(code)));

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

export class XmlSource {
  readonly #text: string;
  #at = 0;
  readonly #open: OpenElement[] = [];
  /** The last start tag was `<a/>`: its end is still to be told. */
  #isClosed = false;

  /** Throws `FhirError('structure')` for a character that XML does not have. */
  constructor(text: string) {
    this.#text = text;
    const wrong = text.search(forbiddenCharacter);
    if (wrong >= 0) throw this.fault('The character has no place in XML', wrong);
  }

  /** The start tag of the document's one element. */
  root(): StartTag {
    this.#skipDeclaration();
    this.#skipMisc();
    if (this.#text[this.#at] !== '<') throw this.fault('Expected the start tag of a resource');
    return this.#startTag();
  }

  /**
   * The next element inside the open one, which becomes the open one; undefined at the open one's end, which closes it.
   * Text between elements must be white space: FHIR has its values in attributes.
   */
  child(): StartTag | undefined {
    if (this.#closeEmpty()) return undefined;
    this.#skipMisc();
    if (this.#text[this.#at] !== '<') {
      throw this.fault(this.#isAtEnd() ? 'An element is not closed' : 'Text stands where only elements may');
    }
    if (this.#text[this.#at + 1] !== '/') return this.#startTag();
    this.#endTag();
    return undefined;
  }

  /** Closes the open element, which `tag` started, and gives its text from the start tag to the end tag, as it is written. */
  markupOf(tag: StartTag): string {
    const depth = this.#open.length;
    while (this.#open.length >= depth) {
      if (this.#closeEmpty() || this.#skipMarkup()) continue;
      if (this.#text[this.#at] !== '<') this.#skipContent();
      else if (this.#text[this.#at + 1] === '/') this.#endTag();
      else this.#startTag();
    }
    return this.#text.slice(tag.at, this.#at);
  }

  /** Throws unless nothing follows the document's element. */
  end(): void {
    this.#skipMisc();
    if (!this.#isAtEnd()) throw this.fault('Unexpected text behind the end of the resource');
  }

  fault(message: string, at = this.#at): FhirError {
    return faultAt(this.#text, at, message);
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #skipDeclaration(): void {
    if (!/^<\?xml[ \t\r\n?]/.test(this.#text)) return;
    const found = xmlDeclaration.exec(this.#text);
    if (found === null) throw this.fault('The XML declaration is malformed');
    const encoding = /encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/.exec(found[1] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(encoding)) throw this.fault('The encoding must be UTF-8');
    this.#at = found[0].length;
  }

  #skipMisc(): void {
    do this.#skipSpace();
    while (this.#skipMarkup());
  }

  /** Passes over a comment or a processing instruction; whether one was there. */
  #skipMarkup(): boolean {
    const text = this.#text;
    if (text.startsWith('<?', this.#at)) {
      const end = text.indexOf('?>', this.#at + 2);
      if (end < 0) throw this.fault('The processing instruction is not closed');
      this.#at = end + 2;
      return true;
    }
    if (!text.startsWith('<!', this.#at)) return false;
    if (!text.startsWith('<!--', this.#at)) throw this.fault('A DOCTYPE, an entity or a CDATA section is not allowed');
    const end = text.indexOf('--', this.#at + 4);
    if (end < 0 || text[end + 2] !== '>') throw this.fault('The comment is not closed or has "--" inside');
    this.#at = end + 3;
    return true;
  }

  /** Text inside an element that may have some. */
  #skipContent(): void {
    const end = this.#text.indexOf('<', this.#at);
    if (end < 0) throw this.fault('An element is not closed', this.#text.length);
    const content = this.#text.slice(this.#at, end);
    if (content.includes(']]>')) throw this.fault('"]]>" must not stand in text');
    this.#resolve(content, this.#at);
    this.#at = end;
  }

  #startTag(): StartTag {
    const at = this.#at;
    this.#at += 1;
    const qualified = this.#name();
    const written = this.#attributes();
    const namespaces = this.#namespaces(written);
    const colon = qualified.indexOf(':');
    const prefix = colon < 0 ? '' : qualified.slice(0, colon);
    const namespace = prefix === '' ? namespaces.default : namespaces.prefixes.get(prefix);
    if (namespace === undefined) throw this.fault('The prefix of the element has no namespace', at);
    this.#open.push({ name: qualified, namespaces });
    const attributes = written.filter(({ name }) => !isDeclaration(name) && !isSchemaHint(name, namespaces));
    return { name: qualified.slice(colon + 1), prefix, namespace, attributes, at };
  }

  #endTag(): void {
    const at = this.#at;
    this.#at += 2;
    if (this.#name() !== this.#open.pop()?.name) throw this.fault('The end tag is not that of the open element', at);
    this.#skipSpace();
    if (!this.#take('>')) throw this.fault('Expected ">"');
  }

  #closeEmpty(): boolean {
    if (!this.#isClosed) return false;
    this.#isClosed = false;
    this.#open.pop();
    return true;
  }

  /** The attributes of a start tag, and the tag's end. */
  #attributes(): Attribute[] {
    const attributes: Attribute[] = [];
    for (;;) {
      const before = this.#at;
      this.#skipSpace();
      if (this.#take('>')) return attributes;
      if (this.#text.startsWith('/>', this.#at)) {
        this.#at += 2;
        this.#isClosed = true;
        return attributes;
      }
      if (before === this.#at) throw this.fault('Expected white space, ">" or "/>"');
      const start = this.#at;
      const name = this.#name();
      if (attributes.some((each) => each.name === name)) throw this.fault('The attribute is there twice', start);
      if (attributes.length === maxAttributes) throw this.fault(`An element has at most ${maxAttributes} attributes`);
      attributes.push({ name, value: this.#attributeValue() });
    }
  }

  #attributeValue(): string {
    this.#skipSpace();
    if (!this.#take('=')) throw this.fault('Expected "=" behind the name of the attribute');
    this.#skipSpace();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") throw this.fault('The value of the attribute must stand in quotes');
    const start = this.#at + 1;
    const end = this.#text.indexOf(quote, start);
    if (end < 0) throw this.fault('The value of the attribute does not end');
    const raw = this.#text.slice(start, end);
    if (raw.includes('<')) throw this.fault('"<" must not stand in the value of an attribute', start);
    this.#at = end + 1;
    // XML 3.3.3: a line end or tab that is written as itself is a space; as a reference (&#10;) it stays.
    return this.#resolve(/[\t\r\n]/.test(raw) ? raw.replace(/\r\n|[\t\r\n]/g, ' ') : raw, start);
  }

  /** `text`, which stands at `at`, with its references replaced. There are no entities but XML's own five. */
  #resolve(text: string, at: number): string {
    if (!text.includes('&')) return text;
    return text.replace(/&(?:#(\d{1,7});|#x([\dA-Fa-f]{1,6});|(lt|gt|amp|quot|apos);)?/g, (all, decimal, hex, name) => {
      if (name !== undefined) return predefined[name] as string;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
      if (all === '&' || character === '' || forbiddenCharacter.test(character)) {
        throw this.fault('The reference is malformed or names an unknown entity or character', at);
      }
      return character;
    });
  }

  #namespaces(attributes: readonly Attribute[]): Namespaces {
    const outer = this.#open.at(-1)?.namespaces ?? xmlPrefix;
    if (!attributes.some(({ name }) => isDeclaration(name))) return outer;
    const prefixes = new Map(outer.prefixes);
    for (const { name, value } of attributes) if (name.startsWith('xmlns:')) prefixes.set(name.slice(6), value);
    if (prefixes.size > maxPrefixes) throw this.fault(`At most ${maxPrefixes} prefixes may be in use`);
    return { default: attributes.find(({ name }) => name === 'xmlns')?.value ?? outer.default, prefixes };
  }

  #name(): string {
    const start = this.#at;
    while (isNameCode[this.#text.charCodeAt(this.#at)] === 1) this.#at += 1;
    const name = this.#text.slice(start, this.#at);
    if (/^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/.test(name)) return name;
    throw this.fault('Expected a name', start);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}

function isSchemaHint(name: string, { prefixes }: Namespaces): boolean {
  const colon = name.indexOf(':');
  return colon > 0 && prefixes.get(name.slice(0, colon)) === schemaInstance;
}
