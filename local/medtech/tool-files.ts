/** The files that the commands of the mapping tool read. */
import { readFileSync } from 'node:fs';
import { JsonSyntaxError } from '../../shared/medtech/json/json-syntax-error.ts';
import {
  type CheckedMappings,
  checkMappings,
  type FoundProblem,
  hasErrors,
  type MappingTexts,
} from '../../shared/medtech/mapping-tool/check-mappings.ts';
import { readSampleEvents, type SampleEvent } from '../../shared/medtech/mapping-tool/sample-events.ts';
import { readWorkspaceFile } from '../../shared/workspace/workspace-file.ts';

/** A command cannot do its work: its text is for the user, the exit code is 2. */
export class ToolError extends Error {}

/** Paths; absent: there is none. */
export interface MappingPaths {
  readonly device?: string | undefined;
  readonly fhir?: string | undefined;
}

/** `--device FILE --fhir FILE --json` and what else a command has. */
export const commonOptions = {
  device: { type: 'string' },
  fhir: { type: 'string' },
  /** Prints JSON in place of text. */
  json: { type: 'boolean', default: false },
} as const;

/** The only argument that is no option. */
export function oneArgument(positionals: readonly string[], usage: string): string {
  const [only, ...others] = positionals;
  if (only === undefined || others.length > 0) throw new ToolError(usage);
  return only;
}

/** The mappings of the workspace's MedTech service, the first if there are several. */
export function workspaceMappings(): MappingPaths {
  const { services } = readWorkspaceFile(process.env.WORKSPACE_FILE || 'workspace.json');
  const entry = [...services.values()].find(({ kind }) => kind === 'medtech');
  return entry?.kind === 'medtech' ? { device: entry.deviceMapping, fhir: entry.fhirMapping } : {};
}

/** Those that are named; if none is, the workspace's. */
export function namedMappings({ device, fhir }: MappingPaths): MappingPaths {
  const named = device === undefined && fhir === undefined ? workspaceMappings() : { device, fhir };
  if (named.device === undefined && named.fhir === undefined) {
    throw new ToolError('Name the mappings: --device FILE --fhir FILE. The workspace has none.');
  }
  return named;
}

export function mappingTexts({ device, fhir }: MappingPaths): MappingTexts {
  return {
    ...(device !== undefined && { device: readText(device) }),
    ...(fhir !== undefined && { fhir: readText(fhir) }),
  };
}

/** Mappings with which events can be run. */
export function usableMappings(paths: MappingPaths): CheckedMappings {
  const checked = checkMappings(mappingTexts(paths));
  if (hasErrors(checked.problems)) {
    const errors = checked.problems.filter(({ level }) => level === 'error');
    throw new ToolError(['The mappings have errors.', ...errors.map((each) => problemLine(each, paths))].join('\n'));
  }
  if (!checked.device) throw new ToolError('A device mapping is needed: --device FILE.');
  return checked;
}

export function problemLine({ mapping, level, message, line = 1, column = 1 }: FoundProblem, paths: MappingPaths) {
  return `${paths[mapping]}:${line}:${column}: ${level}: ${message}`;
}

export function readEvents(file: string): SampleEvent[] {
  try {
    return readSampleEvents(readText(file));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new ToolError(`${file}: ${error.message}`);
    throw error;
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ToolError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
