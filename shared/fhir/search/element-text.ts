import type { JsonObject, JsonValue } from '../resource/types.ts';

/** The text of a primitive element; undefined when it is absent, empty or not a string. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** All texts of the named members, repeating or not. */
export function textsOf(element: JsonObject, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const member = element[name];
    return (Array.isArray(member) ? member : [member]).flatMap((item) => textOf(item) ?? []);
  });
}
