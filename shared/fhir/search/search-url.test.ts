import { expect, it } from 'vitest';
import { searchUrl } from './search-url.ts';

it.each<[path: string, pairs: [string, string][], url: string]>([
  ['', [], 'http://h/fhir'],
  ['Patient', [], 'http://h/fhir/Patient'],
  ['Patient', [['name', 'a b&c=d#+']], 'http://h/fhir/Patient?name=a%20b%26c%3Dd%23%2B'],
  ['Patient', [['a:not', 'http://s|1,2$3']], 'http://h/fhir/Patient?a:not=http://s%7C1,2$3'],
  [
    '',
    [
      ['_type', 'Patient'],
      ['_tag', 'é\ud800'],
    ],
    'http://h/fhir?_type=Patient&_tag=%C3%A9%EF%BF%BD',
  ],
])('the address of %s with %j', (path, pairs, url) => {
  expect(searchUrl('http://h/fhir', path, pairs)).toBe(url);
});
