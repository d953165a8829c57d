import { parseArgs } from 'node:util';
import { formatJson } from '../../shared/fhir/resource/json.ts';
import type { JsonObject } from '../../shared/fhir/resource/types.ts';
import { withDigits } from '../../shared/medtech/fhir-mapping/decimal-holders.ts';
import { type EventResult, openDebugger } from '../../shared/medtech/mapping-tool/debugger-result.ts';
import { measurementJson } from '../../shared/medtech/mapping-tool/measurement-json.ts';
import type { TemplateTrace } from '../../shared/medtech/mapping-tool/trace-event.ts';
import { abridged } from './abridged.ts';
import { commonOptions, mappingTexts, namedMappings, oneArgument, readEvents, usableMappings } from './tool-files.ts';

const usage = 'trace EVENTS [--device FILE] [--fhir FILE] [--json]';
const marks = { matched: '+', 'no-match': '-', failed: '!', 'not-reached': '.' } as const;

/**
 * `trace EVENTS`: what each template makes of each event, why it makes nothing, and the Observations.
 * 0: all events have measurements and no errors; 1: some do not; 2: cannot be read, or the mappings have errors.
 */
export async function trace(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: commonOptions, allowPositionals: true });
  const events = readEvents(oneArgument(positionals, usage));
  const paths = namedMappings(values);
  usableMappings(paths);
  const { trace: run, templateResult, warnings } = openDebugger(mappingTexts(paths));
  const results = run ? events.map(run) : [];
  const DeviceResults = results.map(({ json }) => json);
  if (values.json) console.log(formatJson(withDigits<JsonObject>({ TemplateResult: templateResult, DeviceResults })));
  else {
    console.log(results.map((result, index) => eventText(result, index + 1)).join('\n\n'));
    for (const warning of warnings(results)) console.log(`warning: ${warning}`);
  }
  return results.every(({ json }) => (json.Exceptions as unknown[]).length === 0) ? 0 : 1;
}

function eventText({ trace: { templates, measurements }, json }: EventResult, number: number): string {
  return [
    `event ${number}: ${measurements.length} measurements`,
    ...templates.flatMap(templateLines),
    ...(json.Observations as JsonObject[]).map((observation) => `  > ${abridged(observation)}`),
    ...(json.Exceptions as { Level: string; Message: string }[]).map(
      ({ Level, Message }) => `  ${Level === 'ERROR' ? 'error' : 'warning'}: ${Message}`,
    ),
  ].join('\n');
}

function templateLines({ typeName, outcome, reason, measurements, missingValues }: TemplateTrace): string[] {
  const told = {
    matched: `${measurements.length} matches`,
    'no-match': reason,
    failed: 'failed, which ends the event',
    'not-reached': 'not tried: a template before it failed',
  }[outcome];
  return [
    `  ${marks[outcome]} ${typeName}: ${told}`,
    ...measurements.map((measurement) => `      ${JSON.stringify(measurementJson(measurement))}`),
    ...(missingValues.length === 0 ? [] : [`      without the values ${missingValues.join(', ')}`]),
  ];
}
