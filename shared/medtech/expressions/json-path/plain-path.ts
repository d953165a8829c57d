import { isObject, type JsonValue } from '../../json/value.ts';
import type { PathStep } from './path-step.ts';

/** What a path of names alone, such as `$.Body.heartRate`, finds in a value; undefined for nothing. */
export type PlainPath = (value: JsonValue) => JsonValue | undefined;

/** Most expressions of mappings are such paths, so they are followed without lists. Undefined for another path. */
export function compilePlainPath(steps: readonly PathStep[]): PlainPath | undefined {
  const names: string[] = [];
  for (const step of steps) {
    const [name, ...others] = step.kind === 'names' ? step.names : [];
    // A name that every JavaScript object knows takes the long way.
    if (name === undefined || others.length > 0 || name in Object.prototype) return undefined;
    names.push(name);
  }
  return (value) => {
    let found: JsonValue | undefined = value;
    for (let at = 0; at < names.length && found !== undefined; at += 1)
      found = isObject(found) ? found[names[at] as string] : undefined;
    return found;
  };
}
