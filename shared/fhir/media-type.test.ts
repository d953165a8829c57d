import { describe, expect, it } from 'vitest';
import { answerFormat, bodyFormat } from './media-type.ts';

const none = new URLSearchParams();

describe('the format of an answer', () => {
  it.each([
    ['application/fhir+xml', 'xml'],
    ['text/xml', 'xml'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['application/xml, application/json', 'xml'],
    ['application/xml;q=0.5, application/json', 'json'],
    ['application/json;q=0.1, application/fhir+xml; fhirVersion=4.0; q=0.9', 'xml'],
    ['text/turtle, application/xml;q=0.1', 'xml'],
    ['application/xml;q=0, */*;q=0.1', 'json'],
  ])('Accept %s is %s', (accept, format) => {
    expect(answerFormat(none, accept)).toBe(format);
  });

  it.each(['text/turtle', 'application/xml;q=0', 'text/html'])('Accept %s is 406', (accept) => {
    expect(() => answerFormat(none, accept)).toThrow('Accept names neither');
  });

  it.each([
    ['xml', 'xml'],
    ['text/xml', 'xml'],
    ['application/fhir xml', 'xml'],
    ['json', 'json'],
  ])('_format=%s wins over Accept', (asked, format) => {
    expect(answerFormat(new URLSearchParams({ _format: asked }), 'text/turtle')).toBe(format);
  });

  it('_format that is not offered is 406, whatever Accept says', () => {
    expect(() => answerFormat(new URLSearchParams({ _format: 'ttl' }), '*/*')).toThrow('_format is not offered');
  });
});

describe('the format of a body', () => {
  it.each([
    ['application/fhir+json', 'json'],
    ['application/fhir+xml; charset="UTF-8"', 'xml'],
    ['application/xml', 'xml'],
    ['text/xml; charset=utf-8', 'xml'],
  ])('%s is %s', (type, format) => {
    expect(bodyFormat(type)).toBe(format);
  });

  it.each([null, 'xml', 'text/turtle', 'application/xml; charset=latin1'])('%s is 415', (type) => {
    expect(() => bodyFormat(type)).toThrow('The body must be');
  });
});
