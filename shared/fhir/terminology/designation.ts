/** The other names of a concept (R4, CodeSystem.concept.designation): by language, by use. */
import type { Designation } from './resources.ts';

/** Of the designations the first in that language, `de` for `de-CH` too. */
export function displayIn(language: string, designations: readonly Designation[]): string | undefined {
  const inExactly = (tag: string) => designations.find((one) => one.language?.toLowerCase() === tag.toLowerCase());
  return (inExactly(language) ?? inExactly(language.split('-')[0] ?? ''))?.value;
}

/** `urn:ietf:bcp:47|de` is a language, any other `system|code` a use. */
export function fits({ language, use }: Designation, token: string): boolean {
  const bar = token.lastIndexOf('|');
  const [system, code] = [token.slice(0, Math.max(bar, 0)), token.slice(bar + 1)];
  if (system === 'urn:ietf:bcp:47' || bar < 0) return language === code;
  return use?.system === system && use.code === code;
}
