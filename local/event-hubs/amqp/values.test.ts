import fc from 'fast-check';
import rhea, { type Message } from 'rhea';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from './decode-event.ts';
import { batchFormat, incomingMessage } from './incoming-message.ts';
import { sectionsOf } from './sections.ts';
import { endOfValue, MalformedMessage } from './values.ts';

const { message, types } = rhea;
const encode = (value: object): Buffer => message.encode(value as Message) as unknown as Buffer;

const property = fc.oneof(
  fc.string(),
  fc.integer(),
  // rhea cannot write whole ones beyond 64 bits.
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
  fc.boolean(),
  fc.date({ noInvalidDate: true }),
  fc.constant(null),
);
const anyMessage = fc.record({
  message_id: fc.string(),
  content_type: fc.constantFrom('application/json', 'x'),
  application_properties: fc.dictionary(fc.string(), property),
  message_annotations: fc.dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), property),
  body: fc.uint8Array({ maxLength: 600 }),
});

describe('encoded values', () => {
  it('whatever rhea encodes is whole sections, to the last byte', () => {
    fc.assert(
      fc.property(anyMessage, ({ body, ...rest }) => {
        const bytes = encode({ ...rest, body: message.data_section(Buffer.from(body)) });
        const sections = sectionsOf(bytes);
        expect(Buffer.concat(sections.map(({ whole }) => whole)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('a message that is cut anywhere, or has a byte changed, is refused or can be read by a trigger', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat(255), fc.boolean(), ({ body, ...rest }, at, byte, cut) => {
        const bytes = encode({ ...rest, body: message.data_section(Buffer.from(body)) });
        const place = at % bytes.length;
        const broken = cut ? bytes.subarray(0, place) : Buffer.from(bytes);
        if (!cut) broken[place] = byte;
        for (const format of [0, batchFormat]) {
          try {
            const place = { sequenceNumber: 1, offset: '2', enqueued: 3 };
            for (const { encode } of incomingMessage(broken, format).events) JSON.stringify(decodeEvent(encode(place)));
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('random bytes end in a value or in MalformedMessage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
        try {
          expect(endOfValue(Buffer.from(random), 0)).toBeLessThanOrEqual(random.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a typed array of strings is one value', () => {
    const bytes = encode({ body: types.wrap_array(['a', 'bc'], 0xb1, undefined) });
    expect(sectionsOf(bytes).map(({ code }) => code)).toEqual([0x70, 0x73, 0x77]);
  });
});
