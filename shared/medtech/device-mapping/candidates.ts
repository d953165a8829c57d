import { isArray, isObject, type JsonObject, type JsonValue } from '../json/value.ts';
import type { DeviceTemplate } from './device-mapping.ts';

/** That a name was seen in an event, by the event's number. */
interface Mark {
  event: number;
}

/**
 * Tells by one look at the names of an event's members which templates have to be tried on it: most templates of a large
 * mapping are about other devices, and to run each would look through the event as often.
 */
export function compileCandidates(
  templates: readonly DeviceTemplate[],
): (envelope: JsonObject) => readonly DeviceTemplate[] {
  if (templates.length === 1) return () => templates;
  const marks = new Map<string, Mark>();
  const markOf = (name: string): Mark => {
    const mark = marks.get(name) ?? { event: 0 };
    marks.set(name, mark);
    return mark;
  };
  const all = templates.map((template) => ({ template, marks: (template.match.neededMembers ?? []).map(markOf) }));
  let event = 0;
  const look = (value: JsonValue): void => {
    if (isArray(value)) for (const item of value) look(item);
    else if (isObject(value)) {
      for (const name in value) {
        const mark = marks.get(name);
        if (mark) mark.event = event;
        const member = value[name] as JsonValue;
        if (typeof member === 'object' && member !== null) look(member);
      }
    }
  };
  return (envelope) => {
    event += 1;
    look(envelope);
    const found: DeviceTemplate[] = [];
    for (const { template, marks } of all) if (areSeen(marks, event)) found.push(template);
    return found;
  };
}

function areSeen(marks: readonly Mark[], event: number): boolean {
  for (const mark of marks) if (mark.event !== event) return false;
  return true;
}
