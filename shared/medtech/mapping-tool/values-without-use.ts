import { type CodeValueTemplate, type FhirMapping, templateOf } from '../fhir-mapping/fhir-mapping.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import { deviceTemplateObjects } from './device-template-objects.ts';

/**
 * What a device mapping finds and the FHIR mapping has no place for: types, and values. AHDS asks the components only where
 * there are some; here a value that `value` takes is used too.
 */
export function valuesWithoutUse(deviceText: string, fhir: FhirMapping): MappingProblem[] {
  const problems: MappingProblem[] = [];
  for (const template of deviceTemplateObjects(deviceText, problems)) {
    const type = template.text('typeName');
    if (type === undefined) continue;
    const used = templateOf(fhir, type);
    if (!used) {
      const known = [...fhir.templates.values()].map(({ typeName }) => typeName).join(', ');
      template.warning(
        `The FHIR mapping has no template of the type [${type}], so there will be no Observations. It has: [${known}].`,
        'typeName',
      );
      continue;
    }
    const names = usedNames(used);
    for (const value of template.list('values') ?? []) {
      const name = value.text('valueName');
      if (name === undefined || names.includes(name)) continue;
      value.warning(
        `The FHIR template of [${type}] does not use the value [${name}]. It uses: [${names.join(', ')}].`,
        'valueName',
      );
    }
  }
  return problems.filter(({ level }) => level === 'warning');
}

function usedNames({ value, components }: CodeValueTemplate): string[] {
  return [...(value ? [value.name] : []), ...components.map((component) => component.value.name)];
}
