/**
 * Reads the start tags of an XHTML fragment. Knows elements, attributes, comments, character and entity references; a DOCTYPE,
 * processing instructions and CDATA sections have no place in a fragment. Source: XML 1.0 (fifth edition) 2.4, 3.1, 4.1.
 */
export interface StartTag {
  readonly kind: 'start';
  readonly name: string;
  /** As written, references included. */
  readonly attributes: ReadonlyMap<string, string>;
  /** `<br/>`. */
  readonly isClosed: boolean;
}

/** What is not well-formed; nothing comes after it. */
export interface MarkupFault {
  readonly kind: 'fault';
  readonly text: string;
}

const contentPattern = /[^<&]+/y;
const referencePattern = /&(?:#\d{1,7}|#x[\dA-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});/y;
const startPattern = /<([A-Za-z_][\w.:-]*)/y;
const attributePattern = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const startEndPattern = /\s*(\/?)>/y;
const endPattern = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const bareAmpersand = /&(?!(?:#\d{1,7}|#x[\dA-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)/;

export function* readMarkup(text: string): Generator<StartTag | MarkupFault> {
  const source = new Source(text.trim());
  const open: string[] = [];
  let hasRoot = false;
  while (!source.isRead) {
    if (source.startsWith('<!--')) {
      if (!source.skipComment()) return yield fault('a comment is not closed');
      continue;
    }
    if (hasRoot && open.length === 0) return yield fault('there is something after the root element');
    const end = source.next(endPattern);
    if (end !== null) {
      if (open.pop() !== end[1]) return yield fault(`the end tag ${clip(end[1])} closes no open element`);
      continue;
    }
    const start = source.next(startPattern);
    if (start !== null) {
      const tag = readStartTag(start[1] as string, source);
      yield tag;
      if (tag.kind === 'fault') return;
      if (!tag.isClosed) open.push(tag.name);
      hasRoot = true;
      continue;
    }
    const content = open.length > 0 ? (source.next(contentPattern) ?? source.next(referencePattern)) : null;
    if (content === null) return yield fault('text, a tag or a reference stands where it must not');
  }
  if (open.length > 0) yield fault(`the element ${clip(open.at(-1))} is not closed`);
}

function readStartTag(name: string, source: Source): StartTag | MarkupFault {
  const attributes = new Map<string, string>();
  for (let found = source.next(attributePattern); found !== null; found = source.next(attributePattern)) {
    const [, attribute = '', quoted, value = quoted ?? ''] = found;
    if (attributes.has(attribute)) return fault(`an attribute of ${clip(name)} is there twice`);
    if (bareAmpersand.test(value)) return fault(`an attribute of ${clip(name)} has an ampersand of its own`);
    attributes.set(attribute, value);
  }
  const closing = source.next(startEndPattern);
  if (closing === null) return fault(`the start tag ${clip(name)} is not closed or has a wrong attribute`);
  return { kind: 'start', name, attributes, isClosed: closing[1] !== '' };
}

/** The text and how far it is read. */
class Source {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isRead(): boolean {
    return this.#at >= this.#text.length;
  }

  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#at);
  }

  /** What the sticky `pattern` finds here, which is read with it. */
  next(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  /** Whether the comment that starts here ends: at the next `--`, which must be followed by `>`. */
  skipComment(): boolean {
    const end = this.#text.indexOf('--', this.#at + 4);
    this.#at = end + 3;
    return end >= 0 && this.#text[end + 2] === '>';
  }
}

function fault(text: string): MarkupFault {
  return { kind: 'fault', text };
}

function clip(name = ''): string {
  return name.slice(0, 20);
}
