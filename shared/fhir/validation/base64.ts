/**
 * Whether a text is base64: groups of four characters, padding only at the end, nothing else.
 * Source: FHIR R4 2.24.0.1 (base64Binary), RFC 4648 3.3 and 4. R4's own pattern would let white space stand between groups;
 * later releases took it out. AHDS differs: it passes over white space.
 */
export function isBase64(text: string): boolean {
  if (text.length === 0 || text.length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // A loop, because the texts are as long as the files in them.
  for (let at = 0; at < text.length - padding; at++) {
    if (!isAlphabet(text.charCodeAt(at))) return false;
  }
  return true;
}

/** `A`–`Z`, `a`–`z`, `0`–`9`, `+`, `/`. */
function isAlphabet(code: number): boolean {
  const letter = code & 0xdf;
  return (letter >= 0x41 && letter <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2f;
}
