/** One template of a device mapping: which expressions each type has, and which are fixed. */
import type { Expression } from '../expressions/expression.ts';
import { compileJsonPath } from '../expressions/json-path/json-path.ts';
import type { MappingObject } from '../json/mapping-object.ts';
import type { DeviceTemplate, TemplateType, ValueTemplate } from './device-mapping.ts';
import { type ExpressionLanguage, languageOf, readExpression } from './read-expression.ts';

/** What a type of template does not take from the file. Values that the file has for these are ignored, as in AHDS. */
interface Fixed {
  readonly deviceId: Expression;
  readonly timestamp: readonly Expression[];
}

const fixed: Readonly<Partial<Record<TemplateType, Fixed>>> = {
  IotJsonPathContent: {
    deviceId: compileJsonPath('$.SystemProperties.iothub-connection-device-id'),
    timestamp: [
      compileJsonPath('$.Properties.iothub-creation-time-utc'),
      compileJsonPath('$.SystemProperties.iothub-enqueuedtime'),
    ],
  },
  IotCentralJsonPathContent: {
    deviceId: compileJsonPath('$.deviceId'),
    timestamp: [compileJsonPath('$.enqueuedTime')],
  },
};

/** The members of a template that are expressions, besides those of its values. */
export const expressionMembers = [
  'typeMatchExpression',
  'deviceIdExpression',
  'timestampExpression',
  'patientIdExpression',
  'encounterIdExpression',
  'correlationIdExpression',
];
const members = ['typeName', ...expressionMembers, 'values'];
const maxValues = 1000;

/** Undefined where a required member is missing or wrong; every mistake is noted. */
export function readTemplate(type: TemplateType, object: MappingObject): DeviceTemplate | undefined {
  const calculated = type === 'CalculatedContent';
  object.only(calculated ? [...members, 'defaultExpressionLanguage'] : members);
  const language = calculated ? languageOf(object, 'defaultExpressionLanguage') : undefined;
  const expression = (name: string) => optional(object, name, language);
  const needed = (name: string) => required(object, name, language);

  const typeName = object.text('typeName');
  if (!typeName?.trim()) object.missing('typeName');
  const match = needed('typeMatchExpression');
  const deviceId = fixed[type]?.deviceId ?? needed('deviceIdExpression');
  const timestamp = fixed[type]?.timestamp ?? asList(needed('timestampExpression'));
  const patientId = expression('patientIdExpression');
  const encounterId = expression('encounterIdExpression');
  const correlationId = expression('correlationIdExpression');
  const values = readValues(object, language);
  if (!typeName?.trim() || !match || !deviceId || timestamp.length === 0) return undefined;
  return {
    type,
    typeName,
    match,
    deviceId,
    timestamp,
    ...(patientId && { patientId }),
    ...(encounterId && { encounterId }),
    ...(correlationId && { correlationId }),
    values,
  };
}

function required(object: MappingObject, name: string, language: ExpressionLanguage | undefined) {
  const expression = optional(object, name, language);
  if (!expression && object.get(name) === undefined) object.missing(name);
  return expression;
}

function optional(object: MappingObject, name: string, language: ExpressionLanguage | undefined) {
  return object.get(name) === undefined ? undefined : readExpression(object, name, language);
}

function asList(expression: Expression | undefined): readonly Expression[] {
  return expression ? [expression] : [];
}

/** AHDS's code fails on a CalculatedContent without `values`, its documentation does not: it may be left out. */
function readValues(object: MappingObject, language: ExpressionLanguage | undefined): ValueTemplate[] {
  const values = object.list('values') ?? [];
  if (values.length > maxValues) object.error(`A template has at most ${maxValues} values.`, 'values');
  return values.flatMap((value) => {
    value.only(['valueName', 'valueExpression', 'required']);
    const name = value.text('valueName');
    if (name === undefined) value.missing('valueName');
    const expression = required(value, 'valueExpression', language);
    const isRequired = readRequired(value);
    return name === undefined || !expression ? [] : [{ name, expression, required: isRequired }];
  });
}

/** `true`, or the text "true" of older mappings. */
function readRequired(value: MappingObject): boolean {
  const given = value.text('required')?.trim().toLowerCase() ?? 'false';
  if (given !== 'true' && given !== 'false') value.error("'required' must be true or false.", 'required');
  return given === 'true';
}
