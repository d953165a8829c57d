/** The value formats of the primitive types. Source: FHIR R4 2.24.0.1; integers have 32 bits. */
import { digitsOf } from '../resource/json.ts';
import { isBase64 } from './base64.ts';
import { isDate, isDateTime, isInstant, isTime } from './calendar.ts';
import { narrativeFault } from './narrative.ts';
import { kindOf, quote, type Walk } from './walk.ts';

/** Reports what is wrong with `value`, which stands at `holder[key]`. */
export type PrimitiveCheck = (value: unknown, holder: object, key: string | number, walk: Walk) => void;

/** R4: strings have at most 1 MB. */
const maxStringLength = 1024 * 1024;
const maxInteger = 2 ** 31 - 1;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

// White space is that of XML, as in R4's patterns: a no-break space is a character like others.
const isUri = (text: string): boolean => !/[ \t\r\n]/.test(text);
const uri = text('a URI without white space', isUri, (value, { scope }) => {
  if (value.startsWith('#')) scope?.mention(value.slice(1));
});

export const primitiveChecks: Readonly<Record<string, PrimitiveCheck>> = {
  base64Binary: text('base64 text without white space', isBase64),
  boolean: (value, _holder, _key, walk) => {
    if (typeof value !== 'boolean') reportKind('true or false', value, walk);
  },
  canonical: uri,
  code: text(
    'a code without white space at its ends and with single spaces inside',
    (code) => !/^[ \t\r\n]|[ \t\r\n]{2}|[ \t\r\n]$/.test(code),
  ),
  date: text('a date of the calendar, YYYY, YYYY-MM or YYYY-MM-DD', isDate),
  dateTime: text(
    'a date of the calendar, YYYY, YYYY-MM, YYYY-MM-DD, or with time and zone, YYYY-MM-DDThh:mm:ss+zz:zz',
    isDateTime,
  ),
  decimal: (value, _holder, _key, walk) => {
    if (typeof value !== 'number') reportKind('a number', value, walk);
  },
  id: text('an id of 1 to 64 letters, digits, "-" and "."', (id) => /^[A-Za-z0-9.-]{1,64}$/.test(id)),
  instant: text('an instant of the calendar, YYYY-MM-DDThh:mm:ss.sss+zz:zz', isInstant),
  integer: integer('a whole number of 32 bits', -maxInteger - 1),
  markdown: text('text of at most 1 MB', isShort),
  oid: text(
    'an OID, urn:oid:1.2.3',
    (oid) => /^urn:oid:[0-2]\.\d/.test(oid) && !/[^\d.]|\.(?:0\d|\.|$)/.test(oid.slice('urn:oid:'.length)),
  ),
  positiveInt: integer('a whole number of 1 to 2147483647', 1),
  string: text('text of at most 1 MB', isShort),
  time: text('a time of day, hh:mm:ss', isTime),
  unsignedInt: integer('a whole number of 0 to 2147483647', 0),
  uri,
  url: uri,
  uuid: text('a UUID in lower case, urn:uuid:c757873d-ec9a-4326-a141-556f43239520', (uuid) =>
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(uuid),
  ),
  xhtml: (value, _holder, _key, walk) => {
    if (typeof value !== 'string') return reportKind('a string', value, walk);
    const fault = controlCharacter.test(value) ? 'The narrative has control characters.' : narrativeFault(value);
    if (fault !== undefined) walk.report('invalid', fault);
  },
};

/** The id of an element, unlike that of a resource: any text without spaces (R4, Element.id). */
export const elementId: PrimitiveCheck = text('an element id without white space', isUri);

function text(
  expected: string,
  isValid: (text: string) => boolean,
  note?: (text: string, walk: Walk) => void,
): PrimitiveCheck {
  return (value, _holder, _key, walk) => {
    if (typeof value !== 'string') reportKind('a string', value, walk);
    else if (value === '') walk.report('value', 'A string must not be empty.');
    else if (controlCharacter.test(value)) walk.report('value', 'A string must not have control characters.');
    else if (!isValid(value)) walk.report('value', `Expected ${expected}, found ${quote(value)}.`);
    else note?.(value, walk);
  };
}

function isShort(value: string): boolean {
  return value.length <= maxStringLength;
}

function integer(expected: string, low: number): PrimitiveCheck {
  return (value, holder, key, walk) => {
    if (typeof value !== 'number') return reportKind('a number', value, walk);
    const digits = digitsOf(holder, key, value);
    if (!/^-?\d+$/.test(digits) || value < low || value > maxInteger) {
      walk.report('value', `Expected ${expected}, found ${quote(digits)}.`);
    }
  };
}

function reportKind(expected: string, value: unknown, walk: Walk): void {
  walk.report('structure', `Expected ${expected}, found ${kindOf(value)}.`);
}
