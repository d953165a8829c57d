/** How texts compare in searches. AHDS: without regard to case; names without regard to accents too. */

export function foldedText(text: string): string {
  return text.toLowerCase();
}

export function foldedName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** The words of a name, for fuzzy matching: `Doe^John` is `doe john`. */
export function nameWords(text: string): string {
  return foldedName(text)
    .replace(/[\^=\s]+/g, ' ')
    .trim();
}
