import type { JsonObject } from '../resource/types.ts';
import type { Walk } from './walk.ts';

/** Invariant ext-1: an extension has a value or extensions of its own, not both. */
export function checkExtension(extension: JsonObject, walk: Walk): void {
  const hasValue = Object.keys(extension).some((name) => name.startsWith('value') || name.startsWith('_value'));
  const hasExtensions = extension.extension !== undefined;
  if (hasValue === hasExtensions) {
    walk.report('invalid', `An extension has a value or extensions, found ${hasValue ? 'both' : 'neither'}.`);
  }
}
