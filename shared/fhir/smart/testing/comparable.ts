import { testBase } from '../../search/testing/test-service.ts';
import type { Answered, Ask, Asked } from './smart-rig.ts';

const mostPages = 8;

/** The answer and the pages behind it, without what is by chance: times, ids just made, tokens. */
export async function allPages(ask: Ask, asked: Asked): Promise<unknown[]> {
  const pages: unknown[] = [];
  const pending: Asked[] = [asked];
  for (let next = pending.shift(); next && pages.length < mostPages; next = pending.shift()) {
    const answered = await ask(next);
    pages.push(comparable(answered));
    for (const url of linksOf(answered)) pending.push({ method: 'GET', path: url.replace(testBase, '') });
  }
  return pages;
}

function linksOf({ text }: Answered): string[] {
  const { link = [] }: { link?: { relation: string; url: string }[] } = text === '' ? {} : JSON.parse(text);
  return link.filter(({ relation }) => ['next', 'related'].includes(relation)).map(({ url }) => url);
}

function comparable({ status, headers, text }: Answered): unknown {
  const seen = new Map<string, string>();
  const plain = (part: string) =>
    part
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
        if (!seen.has(id)) seen.set(id, `id${seen.size}`);
        return String(seen.get(id));
      })
      .replace(/20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'time')
      .replace(/\b(ct|includesCt)=[\w.-]+/g, '$1=token');
  const { 'Last-Modified': _, 'X-Request-Id': __, ...others } = headers;
  return {
    status,
    headers: JSON.parse(plain(JSON.stringify(others))),
    body: text === '' ? '' : JSON.parse(plain(text)),
  };
}
