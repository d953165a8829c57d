/** The mapping tool over HTTP: what AHDS's portal does with mappings and sample events. Nothing is kept or written. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatJson } from '../../fhir/resource/json.ts';
import type { JsonObject } from '../../fhir/resource/types.ts';
import { requestError } from '../../operations/errors.ts';
import type { Answer, Call } from '../../operations/operation.ts';
import { withDigits } from '../fhir-mapping/decimal-holders.ts';
import { aggregated, type EventResult, openDebugger, warningJson } from './debugger-result.ts';
import { mappingRequest } from './mapping-request.ts';

/** Of one request; others are served between its events. */
const maxMs = 10_000;

/** The mappings alone. Mistakes in them are the answer, not an error of the request. */
export async function validateMapping({ headers, body }: Call<unknown>): Promise<Answer> {
  const { texts } = mappingRequest(headers, body);
  return answer({ TemplateResult: openDebugger(texts).templateResult, DeviceResults: [] });
}

/** The events too: what each template makes of each. */
export async function traceEvents({ headers, body, signal }: Call<unknown>): Promise<Answer> {
  const { texts, events, aggregate } = mappingRequest(headers, body);
  const { templateResult, trace, warnings } = openDebugger(texts);
  const began = performance.now();
  const results: EventResult[] = [];
  for (const event of trace ? events : []) {
    await nextTurn();
    signal.throwIfAborted();
    if (performance.now() - began > maxMs) throw requestError('bad-request', 'This takes too long: send fewer events.');
    if (trace) results.push(trace(event));
  }
  const jsons = results.map(({ json }) => json);
  const Exceptions = [...(templateResult.Exceptions as JsonObject[]), ...warnings(results).map(warningJson)];
  return answer({ TemplateResult: { Exceptions }, DeviceResults: aggregate ? aggregated(jsons) : jsons });
}

function answer(result: JsonObject): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
    body: formatJson(withDigits(result)),
  };
}
