/** A device mapping file, read with all its mistakes at once. */
import type { MappingObject } from '../json/mapping-object.ts';
import { openMapping } from '../json/open-mapping.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import { compileCandidates } from './candidates.ts';
import { type DeviceMapping, type DeviceTemplate, type TemplateType, templateTypes } from './device-mapping.ts';
import { readTemplate } from './read-template.ts';

export interface DeviceMappingRead {
  /** The templates that are valid. To be used only where no problem is an error. */
  readonly mapping: DeviceMapping;
  readonly problems: readonly MappingProblem[];
}

const maxTemplates = 1000;

export function readDeviceMapping(text: string): DeviceMappingRead {
  const problems: MappingProblem[] = [];
  const root = openMapping(text, problems);
  const templates = root ? readCollection(root, problems) : [];
  return { mapping: { templates, candidates: compileCandidates(templates) }, problems };
}

function readCollection(root: MappingObject, problems: readonly MappingProblem[]): DeviceTemplate[] {
  if (!templateTypeOf(root, ['CollectionContent'])) return [];
  if (root.get('template') === undefined) root.missing('template');
  const containers = root.list('template') ?? [];
  if (containers.length > maxTemplates) {
    root.error(`A device mapping has at most ${maxTemplates} templates.`, 'template');
    return [];
  }
  return containers.flatMap((container) => {
    const errors = problems.length;
    const template = readContainer(container);
    return template && problems.length === errors ? [template] : [];
  });
}

/** Other members of a container are ignored, those of the template in it are not. */
function readContainer(container: MappingObject): DeviceTemplate | undefined {
  const type = templateTypeOf(container, templateTypes);
  if (!type) return undefined;
  const object = container.object('template');
  if (!object && container.get('template') === undefined) container.missing('template');
  return object && readTemplate(type, object);
}

/** Each type may be written with `Template` behind it, and in any case. */
function templateTypeOf<Type extends TemplateType | 'CollectionContent'>(
  container: MappingObject,
  types: readonly Type[],
): Type | undefined {
  const given = container.text('templateType');
  if (given === undefined) {
    container.missing('templateType');
    return undefined;
  }
  const name = given.toLowerCase().replace(/template$/, '');
  const type = types.find((each) => each.toLowerCase() === name);
  if (!type)
    container.error(`No match found for template type '${given}': it must be ${types.join(', ')}.`, 'templateType');
  return type;
}
