/** What text must not have, because of what it may do to whoever shows it. */
import { readMarkup } from '../validation/markup.ts';

const forbiddenElement = /<\/?(?:script|head|body|form|base|link|frame|frameset|iframe|object|embed|applet)\b[^<>]*>/i;
const eventAttribute = /<[a-z][^<>]*\son[a-z]+\s*=/i;

/**
 * R4 2.4.0 forbids scripts, forms, frames, objects, links to styles and event attributes in a narrative, the one place for
 * XHTML. A plain string that has them can only be meant for a page that shows it without escaping (R4, Security).
 */
export function hasForbiddenMarkup(text: string): boolean {
  return text.includes('<') && (forbiddenElement.test(text) || eventAttribute.test(text));
}

/** The first link of a narrative that leads nowhere: a URN is a name, not a place (RFC 8141). */
export function deadLink(div: string): string | undefined {
  if (!/urn:/i.test(div)) return undefined;
  for (const markup of readMarkup(div)) {
    const href = markup.kind === 'start' && markup.name === 'a' ? markup.attributes.get('href') : undefined;
    if (href !== undefined && /^\s*urn:/i.test(href)) return href;
  }
  return undefined;
}
