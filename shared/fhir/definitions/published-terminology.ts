/**
 * R4's own code systems, value sets and concept maps. The files have megabytes: they are read when the first is asked for,
 * and only their keys become strings.
 */
import { readFileSync } from 'node:fs';
import type { Resource } from '../resource/types.ts';

export type TerminologyType = 'CodeSystem' | 'ValueSet' | 'ConceptMap';

export interface PublishedTerminology {
  /** The resource with that url, parsed anew at each call. */
  published(type: TerminologyType, url: string): Resource | undefined;
  publishedUrls(type: TerminologyType): readonly string[];
  /** The value sets of all bindings of an R4 StructureDefinition, by element path. */
  boundValueSets(structureUrl: string): Readonly<Record<string, string>>;
}

const files = { CodeSystem: 'code-systems', ValueSet: 'value-sets', ConceptMap: 'concept-maps' } as const;

interface Lines {
  readonly keys: readonly string[];
  get(key: string): unknown;
}

export function readPublishedTerminology(): PublishedTerminology {
  const read = new Map<string, Lines>();
  const linesOf = (name: string): Lines => {
    const lines = read.get(name) ?? readLines(`terminology/${name}.ndjson`);
    read.set(name, lines);
    return lines;
  };
  return {
    published: (type, url) => linesOf(files[type]).get(url) as Resource | undefined,
    publishedUrls: (type) => linesOf(files[type]).keys,
    boundValueSets: (url) => (linesOf('bindings').get(url) ?? {}) as Readonly<Record<string, string>>,
  };
}

const lineFeed = 0x0a;
const quote = 0x22;

function readLines(name: string): Lines {
  const bytes = readFileSync(new URL(`./generated/${name}`, import.meta.url));
  const starts = new Map<string, number>();
  for (let at = 0; at < bytes.length; at = bytes.indexOf(lineFeed, at) + 1) {
    starts.set(bytes.toString('utf8', at + 2, bytes.indexOf(quote, at + 2)), at);
  }
  return {
    keys: [...starts.keys()],
    get: (key) => {
      const start = starts.get(key);
      if (start === undefined) return undefined;
      return (JSON.parse(bytes.toString('utf8', start, bytes.indexOf(lineFeed, start))) as [string, unknown])[1];
    },
  };
}
