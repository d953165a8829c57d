/** What a template finds in an event. */

import { MedtechError } from '../errors.ts';
import { type Expression, ExpressionError } from '../expressions/expression.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { valueText, valueTicks } from '../json/value-text.ts';
import type { Measurement } from '../measurement.ts';
import type { Ticks } from '../ticks.ts';
import type { DeviceTemplate } from './device-mapping.ts';

/**
 * The measurement of one match. Throws `MedtechError` (IncompatibleDataException) for a required field that is missing or
 * cannot be converted, `ExpressionError` for an expression that fails or finds several values, even of an optional field.
 */
export function measure(
  template: DeviceTemplate,
  envelope: JsonObject,
  match: JsonValue,
  ingestion: Ticks,
): Measurement {
  // AHDS: the other expressions see the match itself; in CalculatedContent the event with the match as one more member.
  const root = template.type === 'CalculatedContent' ? { ...envelope, matchedToken: match } : match;
  const deviceId = requiredText(template.deviceId, root, 'device id');
  const occurrence = requiredTime(template.timestamp, root);
  const patientId = optionalText(template.patientId, root);
  const encounterId = optionalText(template.encounterId, root);
  const correlationId = template.correlationId && requiredText(template.correlationId, root, 'correlation id');
  const properties: { name: string; value: string }[] = [];
  for (const { name, expression, required } of template.values) {
    const value = required ? requiredText(expression, root, 'value', name) : optionalText(expression, root);
    if (value !== undefined) properties.push({ name, value });
  }
  const measurement: { -readonly [Name in keyof Measurement]: Measurement[Name] } = {
    type: template.typeName,
    occurrence,
    ingestion,
    deviceId,
    properties,
  };
  if (patientId !== undefined) measurement.patientId = patientId;
  if (encounterId !== undefined) measurement.encounterId = encounterId;
  if (correlationId !== undefined) measurement.correlationId = correlationId;
  return measurement;
}

/** All errors while matching and measuring have this name in AHDS; the message says which it was. */
export function mappingError(template: DeviceTemplate, error: unknown): MedtechError {
  if (error instanceof MedtechError || error instanceof ExpressionError) {
    const text = `The template of ${template.typeName} could not be applied: ${error.message}`;
    return new MedtechError('NormalizationDataMappingException', text);
  }
  throw error;
}

/** Blank texts count as missing. */
function optionalText(expression: Expression | undefined, root: JsonValue): string | undefined {
  const value = expression?.single(root);
  const text = value === undefined || value === null ? undefined : valueText(value);
  return text?.trim() ? text : undefined;
}

function requiredText(expression: Expression, root: JsonValue, what: string, name = ''): string {
  const text = optionalText(expression, root);
  if (text !== undefined) return text;
  const field = name ? `${what} ${name}` : what;
  throw new MedtechError('IncompatibleDataException', `The ${field} is missing or no text.`);
}

function requiredTime(expressions: readonly Expression[], root: JsonValue): Ticks {
  for (const expression of expressions) {
    const value = expression.single(root);
    if (value === undefined || value === null) continue;
    const ticks = valueTicks(value);
    if (ticks !== undefined) return ticks;
    throw new MedtechError('IncompatibleDataException', 'The timestamp is no date.');
  }
  throw new MedtechError('IncompatibleDataException', 'The timestamp is missing.');
}
