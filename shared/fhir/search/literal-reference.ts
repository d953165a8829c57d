/** The text of a literal reference, in a resource or as a search argument. FHIR R4 2.3.0.1. */

export interface LiteralReference {
  /** Absolute URL of the service that a foreign reference points into; null for this one. */
  readonly base: string | null;
  readonly type: string | null;
  readonly id: string;
}

const pattern =
  /^(?:(https?:\/\/\S+)\/)?([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * Takes `Type/id`, with or without the base of a service before it and a version behind it, apart. Any other text, such as
 * a canonical URL or a bare id, is an id without a type. `base` is this service's own absolute URL.
 */
export function literalReference(
  text: string,
  base: string,
  isResourceType: (name: string) => boolean,
): LiteralReference {
  const [, foreign = null, type = '', id = ''] = pattern.exec(text) ?? [];
  if (!isResourceType(type)) return { base: null, type: null, id: text };
  return { base: foreign === base ? null : foreign, type, id };
}
