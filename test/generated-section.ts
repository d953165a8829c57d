/** A page's text with the lines between `<!-- generated: section -->` and `<!-- end -->` made anew. Throws when the marks are missing. */
export function withSection(text: string, section: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- generated: ${section} -->`, '<!-- end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The page has no section ${section}.`);
  return `${text.slice(0, from)}${begin}\n\n${lines.join('\n')}\n\n${text.slice(to)}`;
}
