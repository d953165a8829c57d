/** Where a receiver begins to read. */
export type StartPosition =
  | { readonly kind: 'earliest' }
  /** Only what comes from now on. */
  | { readonly kind: 'latest' }
  | { readonly kind: 'offset' | 'sequence-number'; readonly value: number; readonly inclusive: boolean }
  /** Events enqueued then or later; `value` in milliseconds since 1970. */
  | { readonly kind: 'enqueued-time'; readonly value: number; readonly inclusive: boolean };

export const earliest: StartPosition = { kind: 'earliest' };

const pattern = /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time(?:-utc)?) *(>=?) *'([^']*)'$/;

/** The filter that Event Hubs clients attach with; undefined when it is none of theirs. */
export function parseStartPosition(filter: string): StartPosition | undefined {
  const [, name, operator, text = ''] = pattern.exec(filter.trim()) ?? [];
  if (!name) return undefined;
  if (name === 'offset' && text === '@latest') return { kind: 'latest' };
  if (name === 'offset' && text === '-1') return earliest;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return undefined;
  const kind =
    name === 'enqueued-time-utc' ? 'enqueued-time' : (name as 'offset' | 'sequence-number' | 'enqueued-time');
  return { kind, value, inclusive: operator === '>=' };
}

/** Is the event at or behind the start? */
export function isFrom(
  start: StartPosition,
  event: { readonly position: number; readonly sequenceNumber: number; readonly enqueued: number },
): boolean {
  switch (start.kind) {
    case 'earliest':
      return true;
    case 'latest':
      return false;
    default: {
      const value = {
        offset: event.position,
        'sequence-number': event.sequenceNumber,
        'enqueued-time': event.enqueued,
      };
      return start.inclusive ? value[start.kind] >= start.value : value[start.kind] > start.value;
    }
  }
}
