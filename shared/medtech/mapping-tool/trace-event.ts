/** What each template of a device mapping makes of an event, and why it makes nothing. */
import type { DeviceMapping, DeviceTemplate } from '../device-mapping/device-mapping.ts';
import { mappingError, measure } from '../device-mapping/measure.ts';
import type { MedtechError } from '../errors.ts';
import type { JsonObject } from '../json/value.ts';
import type { Measurement } from '../measurement.ts';
import type { Ticks } from '../ticks.ts';
import { absentNames } from './absent-names.ts';

export interface TemplateTrace {
  readonly typeName: string;
  /** `failed`: the event ends here; what this and earlier templates found before is kept, later ones are `not-reached`. */
  readonly outcome: 'matched' | 'no-match' | 'failed' | 'not-reached';
  /** Why it did not match, or failed. */
  readonly reason?: string;
  readonly measurements: readonly Measurement[];
  /** Values that are not required and were not found, in any of the measurements. */
  readonly missingValues: readonly string[];
}

export interface EventTrace {
  readonly templates: readonly TemplateTrace[];
  readonly measurements: readonly Measurement[];
  readonly error?: MedtechError;
}

/** `matchExpressions`: the texts of the templates' `typeMatchExpression`. The outcome is that of `normalizeEnvelope`. */
export function traceEvent(
  { templates }: DeviceMapping,
  matchExpressions: readonly (string | undefined)[],
  envelope: JsonObject,
  enqueued: Ticks,
): EventTrace {
  const traces: TemplateTrace[] = [];
  const measurements: Measurement[] = [];
  let error: MedtechError | undefined;
  for (const [index, template] of templates.entries()) {
    if (error) {
      traces.push({ typeName: template.typeName, outcome: 'not-reached', measurements: [], missingValues: [] });
      continue;
    }
    const found = run(template, envelope, enqueued);
    error = found.error;
    measurements.push(...found.measurements);
    traces.push(traceOf(template, found, () => absentNames(matchExpressions[index] ?? '', envelope)));
  }
  return { templates: traces, measurements, ...(error && { error }) };
}

interface Found {
  readonly measurements: readonly Measurement[];
  readonly error?: MedtechError;
}

function run(template: DeviceTemplate, envelope: JsonObject, enqueued: Ticks): Found {
  const measurements: Measurement[] = [];
  try {
    for (const match of template.match.matches(envelope)) {
      measurements.push(measure(template, envelope, match, enqueued));
    }
    return { measurements };
  } catch (error) {
    return { measurements, error: mappingError(template, error) };
  }
}

function traceOf(template: DeviceTemplate, { measurements, error }: Found, hints: () => string[]): TemplateTrace {
  const { typeName } = template;
  const missingValues = template.values
    .map(({ name }) => name)
    .filter((name) => measurements.some(({ properties }) => !properties.some((property) => property.name === name)));
  if (error) return { typeName, outcome: 'failed', reason: error.message, measurements, missingValues };
  if (measurements.length > 0) return { typeName, outcome: 'matched', measurements, missingValues };
  const reason = ['typeMatchExpression finds nothing.', ...hints()].join(' ');
  return { typeName, outcome: 'no-match', reason, measurements, missingValues };
}
