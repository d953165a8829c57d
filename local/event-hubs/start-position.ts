/** Where a receiver begins: the filter of its source, `amqp.annotation.x-opt-offset > '12'`. */
import type { EventLog } from './event-log.ts';

const filter = /amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time(?:-utc)?)\s*(>=?)\s*'([^']*)'/;

/** The first sequence number to send; undefined for a filter that is not understood. */
export function startPosition(
  log: EventLog,
  hub: string,
  partition: number,
  selector: string | undefined,
): number | undefined {
  if (selector === undefined) return 0;
  const found = filter.exec(selector);
  if (!found) return undefined;
  const [, by, operator, value = ''] = found;
  if (value === '@latest') return log.state(hub, partition).last + 1;
  const number = Number(value);
  if (!Number.isFinite(number)) return undefined;
  if (by === 'offset' || by === 'sequence-number') return Math.max(0, number + (operator === '>' ? 1 : 0));
  return log.sequenceAt(hub, partition, operator === '>' ? number + 1 : number);
}

/** The selector of a source's filter map, whichever of its shapes the client's library has sent. */
export function selectorOf(source: unknown): string | undefined {
  const filters = (source as { filter?: Record<string, unknown> } | undefined)?.filter ?? {};
  const given = filters['apache.org:selector-filter:string'];
  if (given === undefined) return undefined;
  const value = (given as { value?: unknown }).value ?? given;
  return typeof value === 'string' ? value : String((value as { value?: unknown }).value ?? value);
}
