/**
 * HL7's example resources as one test fixture: a line of JSON per resource, in the order of their file names.
 * Of the 740, those that HL7's tools made are left out: eleven bundles that hold the definitions over again, ten times the
 * size of all the others, and the index of the specification, twice, an ImplementationGuide without name and status.
 */
import type { Published } from './published.ts';

const madeByTools =
  /^(Bundle-(dataelements|extensions|profiles-others|resources|searchParams|terminologies|types|(v[23]-)?valuesets|valueset-expansions)|ImplementationGuide-fhir|ig-r4)\.json$/;

export function exampleLines({ examples }: Published): string {
  return [...examples]
    .filter(([name]) => !madeByTools.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => `${withoutLayout(text)}\n`)
    .join('');
}

/** Takes white space out between the tokens of a JSON text; numbers keep their digits. */
function withoutLayout(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}
