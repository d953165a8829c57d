/** A person's name: up to three groups of the same name. Source: DICOM PS3.5, 6.2.1.1; PS3.18, F.2.2. */
export interface PersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

const groups = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/** Only the groups that say something; null for a name that says nothing. */
export function personName(text: string): PersonName | null {
  const parts = text.split('=').map((part) => part.replace(/ +$/, ''));
  const named = groups.flatMap((group, at) => (parts[at] ? [[group, parts[at]] as const] : []));
  return named.length === 0 ? null : Object.fromEntries(named);
}
