/** `_text` and `_content`: what the words mean, what is refused, what is indexed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Condition } from '../../stores/resources/query.ts';
import type { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import { textEntries } from './index-text.ts';
import { parseSearch } from './parse-search.ts';
import { base, definitions, errorOf, now } from './testing/parsed-address.ts';
import { openTestService, type TestService } from './testing/test-service.ts';

function parsed(name: string, value: string, fullText = true) {
  const pairs = [[name, value]] as const;
  return parseSearch({ definitions, types: ['Patient'], pairs, base, strict: false, now, fullText });
}

/** `(a and b) or not c` */
function shown(condition: Condition | undefined): string {
  switch (condition?.kind) {
    case 'text':
      return condition.phrase.includes(' ') ? `"${condition.phrase}"` : condition.phrase;
    case 'not':
      return `not ${shown(condition.of)}`;
    case 'and':
    case 'or':
      return `(${condition.of.map(shown).join(` ${condition.kind} `)})`;
    default:
      return `unexpected ${condition?.kind}`;
  }
}

describe('the syntax of _text and _content', () => {
  it.each([
    ['bone', 'bone'],
    ['Böne', 'bone'],
    ['bone liver', '(bone and liver)'],
    ['bone AND liver', '(bone and liver)'],
    ['bone OR liver', '(bone or liver)'],
    ['bone or liver and lung', '(bone or (liver and lung))'],
    ['(bone OR liver) and metastases', '((bone or liver) and metastases)'],
    ['bone NOT liver', '(bone and not liver)'],
    ['bone AND NOT (liver OR lung)', '(bone and not (liver or lung))'],
    ['NOT bone', 'not bone'],
    ['not not bone', 'not not bone'],
    ['"Left  Knee" pain', '("left knee" and pain)'],
    ['"and"', 'and'],
    ['bone,liver', 'bone,liver'],
    ['bone\\,liver', 'bone,liver'],
    ['"unclosed phrase', '"unclosed phrase"'],
  ])('%s', (value, meaning) => {
    expect(shown(parsed('_content', value).query.where)).toBe(meaning);
  });

  it.each(['and', 'bone and', 'or bone', 'bone or or liver', '(bone', 'bone)', '()', '"', '""', '***', 'not', '-'])(
    '%s is 400',
    (value) => {
      expect(errorOf(() => parsed('_text', value))).toMatchObject({ status: 400, issues: [{ code: 'invalid' }] });
    },
  );

  it.each([`${'('.repeat(12)}a${')'.repeat(12)}`, 'a '.repeat(51)])('too much is 400 too-costly: %s', (value) => {
    expect(errorOf(() => parsed('_text', value))).toMatchObject({ status: 400, issues: [{ code: 'too-costly' }] });
  });

  it('has no modifiers: 403', () => {
    expect(errorOf(() => parsed('_text:contains', 'a')).status).toBe(403);
  });

  it('is not supported by a service that does not index text', () => {
    const { issues, query } = parsed('_text', 'bone', false);
    expect(issues).toMatchObject([{ severity: 'warning', code: 'not-supported' }]);
    expect(query.where).toBeUndefined();
  });
});

describe('the text of a resource', () => {
  it('is its narrative without markup, and every other text folded; no addresses, dates and encoded bytes', () => {
    const resource: Resource = {
      resourceType: 'Condition',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><b>Kn&#233;e</b>&nbsp;pain</div>' },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '30989003', display: 'Knee Pain' }] },
      recordedDate: '2024-05-05',
      subject: { reference: 'Patient/1', display: 'Ann Müller' },
      contained: [{ resourceType: 'Binary', contentType: 'text/plain', data: 'aGVsbG8=' }],
    };
    expect(textEntries(resource)).toEqual([
      { param: 'Resource._text', kind: 'text', text: 'knee pain' },
      { param: 'Resource._content', kind: 'text', text: 'generated 30989003 knee pain ann muller text/plain' },
    ]);
  });

  it('is nothing when there is none', () => {
    expect(textEntries({ resourceType: 'Basic' })).toEqual([]);
  });
});

describe('a service with full text', () => {
  let service: TestService;
  const narrative = (words: string) => ({ status: 'generated', div: `<div>${words}</div>` });
  beforeAll(async () => {
    service = await openTestService({ fullText: true });
    await service.put(
      { resourceType: 'Patient', id: 'p', text: narrative('A Smoker'), name: [{ text: 'Jörg Groß' }] },
      { resourceType: 'Patient', id: 'q', text: narrative('an athlete'), name: [{ text: 'Bob' }] },
      {
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        code: { text: 'Left knee' },
        subject: { reference: 'Patient/p' },
      },
    );
  });
  afterAll(() => service.close());

  it.each<[address: string, ids: string[]]>([
    ['Patient?_text=smoker', ['p']],
    ['Patient?_text=SMOKER OR athlete', ['p', 'q']],
    ['Patient?_text=jörg', []],
    ['Patient?_content=JORG', ['p']],
    ['Patient?_content=smoker NOT bob', ['p']],
    ['?_content="left knee"', ['o']],
    ['?_content=knee OR bob', ['q', 'o']],
    ['Observation?subject:Patient._text=smoker', ['o']],
    ['Observation?patient._content=athlete', []],
    ['Patient?_has:Observation:patient:_content=knee', ['p']],
    ['Patient?_text=smoker&name=jorg', ['p']],
    ['Patient?_text=smoker&_text=athlete', []],
  ])('%s', async (address, ids) => {
    expect(await service.find(address)).toEqual(ids);
  });

  it('finds the current version only', async () => {
    await service.put({ resourceType: 'Patient', id: 'r', text: narrative('unusual') });
    await service.put({ resourceType: 'Patient', id: 'r', text: narrative('usual') });
    expect([await service.find('Patient?_text=unusual'), await service.find('Patient?_text=usual')]).toEqual([
      [],
      ['r'],
    ]);
    await service.remove('Patient', 'r');
    expect(await service.find('Patient?_text=usual')).toEqual([]);
  });

  it('refuses what it cannot read without naming what was asked', async () => {
    const error: FhirError = await service.search('Patient?_text=(secret').catch((thrown) => thrown);
    expect([error.status, error.message.includes('secret')]).toEqual([400, false]);
  });
});
