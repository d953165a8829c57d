/** `context` of an operation: `<StructureDefinition url>#<element path>`, whose binding names the value set. Path as AHDS: in any case. */
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import type { FhirService } from '../service.ts';

const r4Prefix = 'http://hl7.org/fhir/StructureDefinition/';

/** The canonical URL of the value set. Throws `invalid` where there is none. */
export async function boundValueSet(service: FhirService, context: string): Promise<string> {
  const [url = '', path = ''] = context.split('#');
  const stored = await service.canonicals.find('StructureDefinition', url);
  const bound = stored
    ? (bindingOf(stored.snapshot, path) ?? bindingOf(stored.differential, path))
    : bindingOfR4(service, url, path);
  if (bound === undefined)
    throw new FhirError('invalid', `'context': no value set is bound to ${context.slice(0, 500)}.`);
  return bound;
}

function bindingOf(view: JsonValue | undefined, path: string): string | undefined {
  const elements = isObject(view) && Array.isArray(view.element) ? view.element : [];
  for (const element of elements) {
    if (!isObject(element) || String(element.path).toLowerCase() !== path.toLowerCase()) continue;
    if (isObject(element.binding) && typeof element.binding.valueSet === 'string') return element.binding.valueSet;
  }
  return undefined;
}

/** R4's own definitions keep their required bindings only. */
function bindingOfR4({ definitions }: FhirService, url: string, path: string): string | undefined {
  const [type = '', ...names] = path.split('.');
  if (!url.startsWith(r4Prefix) || url.slice(r4Prefix.length).toLowerCase() !== type.toLowerCase()) return undefined;
  const name = names.pop()?.toLowerCase();
  const parent = definitions.type([url.slice(r4Prefix.length), ...names].join('.'));
  return [...(parent?.elements.values() ?? [])].find((element) => element.name.toLowerCase() === name)?.binding;
}
