/** Two mapping files, checked alone and against each other: AHDS's errors, and warnings of what would surprise. */
import type { DeviceMapping } from '../device-mapping/device-mapping.ts';
import { readDeviceMapping } from '../device-mapping/read-device-mapping.ts';
import type { FhirMapping } from '../fhir-mapping/fhir-mapping.ts';
import { readFhirMapping } from '../fhir-mapping/read-fhir-mapping.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import { valuesWithoutUse } from './values-without-use.ts';
import { wholeNumberWarnings } from './whole-number-warnings.ts';

/** The files' texts; one may be left out. */
export interface MappingTexts {
  readonly device?: string;
  readonly fhir?: string;
}

export interface FoundProblem extends MappingProblem {
  readonly mapping: keyof MappingTexts;
}

/** A mapping is there if its text is there and has no errors. */
export interface CheckedMappings {
  readonly device?: DeviceMapping;
  readonly fhir?: FhirMapping;
  /** In the order of their places, those of the device mapping first. */
  readonly problems: readonly FoundProblem[];
}

export function checkMappings({ device: deviceText, fhir: fhirText }: MappingTexts): CheckedMappings {
  const device = deviceText === undefined ? undefined : readDeviceMapping(deviceText);
  const fhir = fhirText === undefined ? undefined : readFhirMapping(fhirText);
  const usable = <Mapping>(read: { mapping: Mapping; problems: readonly MappingProblem[] } | undefined) =>
    read?.problems.every(({ level }) => level !== 'error') ? read.mapping : undefined;
  const usableFhir = usable(fhir);
  const ofDevice = [
    ...(device?.problems ?? []),
    ...(deviceText === undefined ? [] : wholeNumberWarnings(deviceText)),
    // With a mistake in the FHIR mapping it is not known what it lacks.
    ...(deviceText !== undefined && usableFhir ? valuesWithoutUse(deviceText, usableFhir) : []),
  ];
  const usableDevice = usable(device);
  return {
    ...(usableDevice && { device: usableDevice }),
    ...(usableFhir && { fhir: usableFhir }),
    problems: [...placed('device', ofDevice), ...placed('fhir', fhir?.problems ?? [])],
  };
}

export function hasErrors(problems: readonly MappingProblem[]): boolean {
  return problems.some(({ level }) => level === 'error');
}

function placed(mapping: keyof MappingTexts, problems: readonly MappingProblem[]): FoundProblem[] {
  return problems
    .map((problem) => ({ ...problem, mapping }))
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
}
