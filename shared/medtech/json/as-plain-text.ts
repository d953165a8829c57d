import { isDateText } from './date-text.ts';
import { type JsonValue, PlainText } from './value.ts';

/** A text that is none of the event's dates, even if it looks like one. */
export function asPlainText(text: string): JsonValue {
  return isDateText(text) ? new PlainText(text) : text;
}
