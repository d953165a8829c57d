/** The text of a JSON body. AHDS takes comments and a comma behind the last item. */
import { DicomError } from '../errors.ts';

const stringOrComment = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const stringOrLastComma = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|$)|,(?=\s*[\]}])/g;

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
  const keepStrings = (found: string) => (found.startsWith('"') ? found : ' ');
  return text.replace(stringOrComment, keepStrings).replace(stringOrLastComma, keepStrings);
}
