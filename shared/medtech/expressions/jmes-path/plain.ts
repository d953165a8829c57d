import { isDateText } from '../../json/date-text.ts';
import { type JsonValue, PlainText } from '../../json/value.ts';

/** A text that an expression makes is none of the event's dates, even if it looks like one. */
export function plain(text: string): JsonValue {
  return isDateText(text) ? new PlainText(text) : text;
}
