/** DICOM JSON from outside: DICOM PS3.18, annex F, and what AHDS takes beyond it. */
import { describe, expect, it } from 'vitest';
import { readDataSet } from './read-data-set.ts';
import { readJson } from './read-json.ts';

const refused = expect.objectContaining({ status: 400 });
function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a data set', () => {
  it.each<[string, object, object]>([
    ['tags in any case', { '0040a370': { vr: 'SQ' } }, { '0040A370': { vr: 'SQ' } }],
    ['keywords in any case', { patientID: { vr: 'LO', Value: ['1'] } }, { '00100020': { vr: 'LO', Value: ['1'] } }],
    ['members in any case', { '00100020': { VR: 'lo', VALUE: ['1'] } }, { '00100020': { vr: 'LO', Value: ['1'] } }],
    ['no vr', { '00100020': { Value: ['1'] } }, { '00100020': { vr: 'LO', Value: ['1'] } }],
    ['null for an element', { '00100020': null }, { '00100020': { vr: 'LO' } }],
    ['null for the values', { '00100020': { vr: 'LO', Value: null } }, { '00100020': { vr: 'LO' } }],
    ['only empty values', { '00100020': { vr: 'LO', Value: [null, ''] } }, { '00100020': { vr: 'LO' } }],
    [
      'an empty value of several',
      { '00080008': { vr: 'CS', Value: ['A', '', 'B'] } },
      { '00080008': { vr: 'CS', Value: ['A', null, 'B'] } },
    ],
    ['group lengths are left out', { '00100000': { vr: 'UL', Value: [8] } }, {}],
    [
      'a name as text',
      { '00100010': { vr: 'PN', Value: ['A^B'] } },
      { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A^B' }] } },
    ],
    [
      'a name without its empty groups',
      { '00100010': { vr: 'PN', Value: [{ ALPHABETIC: 'A', phonetic: '' }] } },
      { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A' }] } },
    ],
    ['an empty name', { '00100010': { vr: 'PN', Value: [{}] } }, { '00100010': { vr: 'PN' } }],
    [
      'decimals as text or numbers',
      { '00101030': { vr: 'DS', Value: ['70.5', 71] } },
      { '00101030': { vr: 'DS', Value: [70.5, 71] } },
    ],
    [
      'decimals of which one is none, as text',
      { '00101030': { vr: 'DS', Value: ['70.5', 'heavy'] } },
      { '00101030': { vr: 'DS', Value: ['70.5', 'heavy'] } },
    ],
    ['an empty item', { '0040A370': { vr: 'SQ', Value: [null] } }, { '0040A370': { vr: 'SQ', Value: [{}] } }],
    [
      'bytes and references as they are',
      { '00091001': { vr: 'OB', InlineBinary: 'AAE=' }, '00091002': { vr: 'OB', BulkDataURI: 'http://x/1' } },
      { '00091001': { vr: 'OB', InlineBinary: 'AAE=' }, '00091002': { vr: 'OB', BulkDataURI: 'http://x/1' } },
    ],
  ])('%s', (_, json, expected) => expect(readDataSet(json)).toEqual(expected));

  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['null', null],
    ['an array', []],
    ['an unknown keyword', { NoSuchKeyword: { vr: 'LO' } }],
    ['a name of every object', JSON.parse('{"__proto__":{"vr":"LO"}}')],
    ['the same attribute twice', { '00100020': { vr: 'LO' }, PatientID: { vr: 'LO' } }],
    ['an element that is no object', { '00100020': 'P' }],
    ['a vr that is none', { '00100020': { vr: 7 } }],
    ['a Value that is no array', { '00100020': { vr: 'LO', Value: 'P' } }],
    ['an object where text must be', { '00100020': { vr: 'LO', Value: [{}] } }],
    ['a number where text must be', { '00100020': { vr: 'LO', Value: [7] } }],
    ['text where a number must be', { '00280010': { vr: 'US', Value: ['many'] } }],
    ['no tag where one must be', { '00280009': { vr: 'AT', Value: ['PatientID'] } }],
    ['a name with a number', { '00100010': { vr: 'PN', Value: [{ Alphabetic: 7 }] } }],
    ['an item that is no object', { '0040A370': { vr: 'SQ', Value: ['x'] } }],
    ['values and bytes', { '00100020': { vr: 'LO', Value: ['1'], InlineBinary: 'AAE=' } }],
    ['bytes that are not base64', { '00091001': { vr: 'OB', InlineBinary: '?' } }],
    ['values of bytes', { '00091001': { vr: 'OB', Value: [1] } }],
  ])('%s is refused', (_, json) => expect(outcome(() => readDataSet(json))).toEqual(refused));

  it('sequences have a greatest depth', () => {
    let json: object = {};
    for (let depth = 0; depth < 32; depth += 1) json = { '0040A370': { vr: 'SQ', Value: [json] } };
    expect(readDataSet(json)).toEqual(json);
    expect(outcome(() => readDataSet({ '0040A370': { vr: 'SQ', Value: [json] } }))).toEqual(refused);
  });
});

describe('the text of a body', () => {
  const read = (text: string) => outcome(() => readJson(Buffer.from(text)));

  it.each([
    ['[1, 2, ]', [1, 2]],
    ['{"a": 1, /* one, } */ }', { a: 1 }],
    ['// first\n[1] // last', [1]],
    ['["// no comment, ]", "\\"/*", 1,]', ['// no comment, ]', '"/*', 1]],
    ['\ufeff[1]', [1]],
    ['null', null],
  ])('%s', (text, expected) => expect(read(text)).toEqual(expected));

  it.each(['', '[', '[1,,]', '{a: 1}', '/*', '"', '[1] 2'])('%j is refused', (text) => {
    expect(read(text)).toEqual(refused);
  });

  it('bytes that are no UTF-8 are refused', () => {
    expect(outcome(() => readJson(Buffer.from([0x22, 0xff, 0x22])))).toEqual(refused);
  });

  it('text that only looks like comments and strings is refused in a moment', () => {
    for (const piece of ['/*', '"\\', '//', ',  ', '"/*', '\\"']) expect(read(piece.repeat(400_000))).toEqual(refused);
  });
});
