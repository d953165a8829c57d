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
}

const files = { CodeSystem: 'code-systems', ValueSet: 'value-sets', ConceptMap: 'concept-maps' } as const;

interface Lines {
  readonly bytes: Buffer;
  readonly starts: ReadonlyMap<string, number>;
}

export function readPublishedTerminology(): PublishedTerminology {
  const read = new Map<TerminologyType, Lines>();
  const linesOf = (type: TerminologyType): Lines => {
    const lines = read.get(type) ?? readLines(`terminology/${files[type]}.ndjson`);
    read.set(type, lines);
    return lines;
  };
  return {
    published: (type, url) => {
      const { bytes, starts } = linesOf(type);
      const start = starts.get(url);
      if (start === undefined) return undefined;
      return (JSON.parse(bytes.toString('utf8', start, bytes.indexOf(lineFeed, start))) as [string, Resource])[1];
    },
    publishedUrls: (type) => [...linesOf(type).starts.keys()],
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
  return { bytes, starts };
}
