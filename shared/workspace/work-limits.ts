import { defaultWorkLimits, type WorkLimits } from '../operations/work-gate.ts';
import type { CheckedObject } from './checked-object.ts';

/** `requests` of a service that answers HTTP requests: how many it works on at a time, and how many may wait. */
export function workLimitsOf(entry: CheckedObject): WorkLimits {
  if (!entry.has('requests')) return defaultWorkLimits;
  const given = entry.object('requests', Object.keys(defaultWorkLimits));
  return {
    atWork: given.wholeNumber('atWork', defaultWorkLimits.atWork),
    waiting: given.wholeNumber('waiting', defaultWorkLimits.waiting),
  };
}
