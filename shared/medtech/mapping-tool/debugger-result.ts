/** Mappings and events as AHDS's mapping debugger answers, and of each event what every template made of it. */
import { keepDigits } from '../../fhir/resource/json.ts';
import type { JsonObject, JsonValue } from '../../fhir/resource/types.ts';
import type { DeviceMapping } from '../device-mapping/device-mapping.ts';
import { type MedtechError, medtechErrors } from '../errors.ts';
import { withDigits } from '../fhir-mapping/decimal-holders.ts';
import type { FhirMapping } from '../fhir-mapping/fhir-mapping.ts';
import { type JsonValue as EventValue, Float, Instant, isArray, isObject, PlainText } from '../json/value.ts';
import { doubleText } from '../json/value-text.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import { roundTripText } from '../ticks.ts';
import { checkMappings, type FoundProblem, hasErrors, type MappingTexts } from './check-mappings.ts';
import { deviceTemplateObjects, writtenExpression } from './device-template-objects.ts';
import { measurementJson } from './measurement-json.ts';
import { previewObservations } from './preview-observations.ts';
import type { SampleEvent } from './sample-events.ts';
import { type EventTrace, type TemplateTrace, traceEvent } from './trace-event.ts';

export interface EventResult {
  readonly trace: EventTrace;
  readonly json: JsonObject;
}

export interface MappingDebugger {
  readonly problems: readonly FoundProblem[];
  readonly templateResult: JsonObject;
  /** Undefined where the mappings have errors: AHDS does not run events then. */
  readonly trace?: (event: SampleEvent) => EventResult;
  /** What is wrong with the events together: readings that would be lost. */
  readonly warnings: (results: readonly EventResult[]) => string[];
}

export function openDebugger(texts: MappingTexts): MappingDebugger {
  const { device, fhir, problems } = checkMappings(texts);
  const warnings = (results: readonly EventResult[]) =>
    fhir
      ? [
          ...previewObservations(
            fhir,
            results.flatMap(({ trace }) => trace.measurements),
          ).warnings,
        ]
      : [];
  const result = { problems, templateResult: { Exceptions: problems.map(problemJson) }, warnings };
  if (!device || hasErrors(problems)) return result;
  return { ...result, trace: tracer(device, fhir, matchExpressions(texts.device ?? '')) };
}

/** The texts of the templates' `typeMatchExpression`. */
function matchExpressions(deviceText: string): (string | undefined)[] {
  const ignored: MappingProblem[] = [];
  return deviceTemplateObjects(deviceText, ignored).map(
    (template) => writtenExpression(template, 'typeMatchExpression', '')?.text,
  );
}

function tracer(
  device: DeviceMapping,
  fhir: FhirMapping | undefined,
  expressions: readonly (string | undefined)[],
): (event: SampleEvent) => EventResult {
  return ({ envelope, error: unreadable, enqueued }) => {
    const trace: EventTrace = envelope
      ? traceEvent(device, expressions, envelope, enqueued)
      : { templates: [], measurements: [], ...(unreadable && { error: unreadable }) };
    // AHDS: each measurement alone.
    const previews = fhir ? trace.measurements.map((measurement) => previewObservations(fhir, [measurement])) : [];
    const errors = [...(trace.error ? [trace.error] : []), ...previews.flatMap((preview) => preview.errors)];
    const none = trace.measurements.length === 0 && !trace.error;
    const json = {
      DeviceEvent: envelope ? plainJson(envelope) : null,
      Measurements: trace.measurements.map(measurementJson),
      Observations: previews.flatMap((preview) => preview.observations.map(({ observation }) => observation)),
      Exceptions: [...errors.map(errorJson), ...(none ? [noMeasurements] : [])],
      AggregatedCount: 0,
      Templates: trace.templates.map(templateJson),
    };
    return { trace, json: withDigits<JsonObject>(json) };
  };
}

/** By the texts of errors: an event of each, and how many there are. */
export function aggregated(results: readonly JsonObject[]): JsonObject[] {
  const byMessage = new Map<string, JsonObject & { AggregatedCount: number }>();
  for (const { DeviceEvent = null, Exceptions } of results) {
    for (const exception of Exceptions as (JsonObject & { Message: string })[]) {
      const known = byMessage.get(exception.Message);
      if (known) known.AggregatedCount += 1;
      else {
        const parts = { DeviceEvent, Measurements: [], Observations: [], Exceptions: [exception] };
        byMessage.set(exception.Message, { ...parts, AggregatedCount: 1 });
      }
    }
  }
  return [...byMessage.values()].map(withDigits);
}

function problemJson({ message, level, line, column, mapping }: FoundProblem): JsonObject {
  return {
    Message: message,
    Level: level === 'error' ? 'ERROR' : 'WARN',
    Category: mapping === 'device' ? 'NORMALIZATION' : 'FHIRTRANSFORMATION',
    LineInfo: line === undefined ? null : { LineNumber: line, LinePosition: column ?? 1 },
  };
}

function errorJson({ code, message }: MedtechError): JsonObject {
  const { operation } = medtechErrors[code];
  const Category = operation === 'Normalization' ? 'NORMALIZATION' : 'FHIRTRANSFORMATION';
  return { Message: `${code}: ${message}`, Level: 'ERROR', Category, LineInfo: null };
}

export function warningJson(Message: string): JsonObject {
  return { Message, Level: 'WARN', Category: 'FHIRTRANSFORMATION', LineInfo: null };
}

const noMeasurements: JsonObject = {
  Message: 'No measurements were produced for the given device data.',
  Level: 'WARN',
  Category: 'NORMALIZATION',
  LineInfo: null,
};

function templateJson({ typeName, outcome, reason, measurements, missingValues }: TemplateTrace): JsonObject {
  return {
    TypeName: typeName,
    Outcome: outcome,
    ...(reason !== undefined && { Reason: reason }),
    Matches: measurements.length,
    MissingValues: [...missingValues],
  };
}

/** Numbers keep their kinds and digits: 72.0 stays 72.0. */
function plainJson(value: EventValue): JsonValue {
  if (isArray(value)) {
    const list = value.map(plainJson);
    for (const [index, item] of value.entries()) keepNumber(list, index, item);
    return list;
  }
  if (isObject(value)) {
    const object: JsonObject = Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, plainJson(member)]),
    );
    for (const [name, member] of Object.entries(value)) keepNumber(object, name, member);
    return object;
  }
  if (value instanceof Float) return value.value;
  if (value instanceof PlainText) return value.text;
  if (value instanceof Instant) return roundTripText(value.ticks);
  return typeof value === 'bigint' ? Number(value) : value;
}

function keepNumber(holder: object, key: string | number, original: EventValue): void {
  if (typeof original === 'bigint') keepDigits(holder, key, String(original));
  if (original instanceof Float && Number.isFinite(original.value)) {
    const text = doubleText(original.value);
    keepDigits(holder, key, /[.E]/.test(text) ? text : `${text}.0`);
  }
}
