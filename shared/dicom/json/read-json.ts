/** The text of a JSON body. AHDS takes comments and a comma behind the last item. */
import { DicomError } from '../errors.ts';

// A piece that does not end goes on to the end of the text: nothing is looked at twice, whatever somebody sends.
const stringOrComment = /"[^"\\]*(?:\\[\s\S]?[^"\\]*)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const stringOrLastComma = /"[^"\\]*(?:\\[\s\S]?[^"\\]*)*"?|,(?=\s*[\]}])/g;

export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return strictJson(text) ?? JSON.parse(strict(text));
  } catch {
    throw new DicomError('invalid', 'The body is not JSON.');
  }
}

/** Undefined when it is not what the standard calls JSON. */
function strictJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strict(text: string): string {
  return text
    .replace(stringOrComment, (found) => (isComment(found) ? ' ' : found))
    .replace(stringOrLastComma, withoutComma);
}

function isComment(found: string): boolean {
  return found.startsWith('//') || (found.startsWith('/*') && found.length >= 4 && found.endsWith('*/'));
}

function withoutComma(found: string): string {
  return found === ',' ? '' : found;
}
