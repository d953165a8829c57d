/**
 * What a narrative may show: text formatting, tables, images and links; nothing that runs or loads by itself.
 * Source: FHIR R4 2.4.0 and the invariant txt-1 (elements and attributes). An address that runs a script (`javascript:`)
 * is refused too. A div without content breaks txt-2, yet HL7's own examples have some: it is accepted.
 */
import { readMarkup, type StartTag } from './markup.ts';
import { quote } from './walk.ts';

const elements = words(
  'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img',
  'li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var',
);
const attributes = words(
  'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset',
  'cite class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel',
  'rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width',
  'xml:lang xml:space',
);
const addresses = words('cite href longdesc src');
const xhtml = 'http://www.w3.org/1999/xhtml';

function words(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** What is wrong with the text of a narrative's `div`; undefined when nothing is. Reads it once from end to end. */
export function narrativeFault(text: string): string | undefined {
  let isRoot = true;
  for (const markup of readMarkup(text)) {
    if (markup.kind === 'fault') return `The narrative is not well-formed XHTML: ${markup.text}.`;
    const fault = (isRoot ? rootFault(markup) : undefined) ?? elementFault(markup);
    if (fault !== undefined) return fault;
    isRoot = false;
  }
  return isRoot ? 'The narrative has no div element.' : undefined;
}

function rootFault({ name, attributes: given }: StartTag): string | undefined {
  if (name === 'div' && given.get('xmlns') === xhtml) return undefined;
  return `The narrative must be a div element with xmlns="${xhtml}".`;
}

function elementFault({ name, attributes: given }: StartTag): string | undefined {
  if (!elements.has(name)) return `The element ${quote(name)} is not allowed in a narrative.`;
  for (const [attribute, value] of given) {
    if (attribute === 'xmlns' && value === xhtml) continue;
    if (!attributes.has(attribute)) return `The attribute ${quote(attribute)} is not allowed in a narrative.`;
    if (addresses.has(attribute) && runsScript(value)) return `The address in ${attribute} must not run a script.`;
  }
  return undefined;
}

/** Browsers pass over tabs and line ends in a scheme and resolve references, so that neither may stand in it. HL7 writes `data: image/png`. */
function runsScript(address: string): boolean {
  const trimmed = address.trimStart();
  const scheme = /^[^:/?#]*/.exec(trimmed)?.[0] ?? '';
  return /[&\t\r\n]/.test(scheme) || /^(?:javascript:|vbscript:|data:(?!\s{0,9}image\/))/i.test(trimmed);
}
