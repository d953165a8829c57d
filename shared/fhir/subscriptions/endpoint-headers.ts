/** `Subscription.channel.header`: `Name: value`, sent with every notification. */
import { FhirError } from '../outcome.ts';

const form = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}):[ \t]*([\x20-\x7e\t]{0,4000})$/;
const maxHeaders = 20;
/** These say how the message travels or what it is: this service's to say. */
const own: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Throws `invalid` for what is no header (RFC 9110 5), so that no line break can add one, and for those that are not the subscriber's. */
export function endpointHeaders(lines: readonly string[]): Record<string, string[]> {
  if (lines.length > maxHeaders) throw new FhirError('too-costly', `A channel has at most ${maxHeaders} headers.`);
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = form.exec(line) ?? [];
    const key = name.toLowerCase();
    if (name === '' || own.has(key)) {
      throw new FhirError(
        'invalid',
        'Subscription.channel.header holds something that is no header, or not yours to set.',
      );
    }
    headers[key] = [...(headers[key] ?? []), value.trim()];
  }
  return headers;
}
