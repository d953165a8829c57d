/** `context` of an operation: `<StructureDefinition url>#<element path>`, whose binding names the value set. Path as AHDS: in any case. */
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import type { FhirService } from '../service.ts';

/** The canonical URL of the value set. Throws `invalid` where there is none. */
export async function boundValueSet(service: FhirService, context: string): Promise<string> {
  const [url = '', path = ''] = context.split('#');
  const stored = await service.canonicals.find('StructureDefinition', url);
  const bound = stored
    ? (bindingOf(stored.snapshot, path) ?? bindingOf(stored.differential, path))
    : Object.entries(service.definitions.boundValueSets(url)).find(([one]) => isSame(one, path))?.[1];
  if (bound === undefined)
    throw new FhirError('invalid', `'context': no value set is bound to ${context.slice(0, 500)}.`);
  return bound;
}

function bindingOf(view: JsonValue | undefined, path: string): string | undefined {
  const elements = isObject(view) && Array.isArray(view.element) ? view.element : [];
  for (const element of elements) {
    if (!isObject(element) || !isSame(String(element.path), path)) continue;
    if (isObject(element.binding) && typeof element.binding.valueSet === 'string') return element.binding.valueSet;
  }
  return undefined;
}

function isSame(one: string, path: string): boolean {
  return one.toLowerCase() === path.toLowerCase();
}
