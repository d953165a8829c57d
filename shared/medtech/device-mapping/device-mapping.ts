import type { Expression } from '../expressions/expression.ts';
import type { JsonObject } from '../json/value.ts';

export const templateTypes = [
  'JsonPathContent',
  'IotJsonPathContent',
  'IotCentralJsonPathContent',
  'CalculatedContent',
] as const;
export type TemplateType = (typeof templateTypes)[number];

/** One template of a device mapping, ready to be run. */
export interface DeviceTemplate {
  readonly type: TemplateType;
  /** The type of the measurements that it finds. */
  readonly typeName: string;
  /** Runs on the whole event; each match is one measurement. */
  readonly match: Expression;
  readonly deviceId: Expression;
  /** The first that finds something counts. */
  readonly timestamp: readonly Expression[];
  readonly patientId?: Expression;
  readonly encounterId?: Expression;
  readonly correlationId?: Expression;
  readonly values: readonly ValueTemplate[];
}

export interface ValueTemplate {
  readonly name: string;
  readonly expression: Expression;
  readonly required: boolean;
}

/** In the file's order, which matters: a failure ends the event, and what earlier templates found is kept. */
export interface DeviceMapping {
  readonly templates: readonly DeviceTemplate[];
  /** Those of them that may match the event, or fail on it. */
  candidates(envelope: JsonObject): readonly DeviceTemplate[];
}
