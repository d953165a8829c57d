/**
 * Requests and answers that a page shows in `console` blocks, run against a real server: what is shown must be in the real
 * answer. Under a request stand `HTTP <status>`, headers, and JSON of which every property must be in the answer's.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

interface ShownRequest {
  readonly command: string;
  readonly expected: string;
}

/** `page`: a file of the repository. */
export function shownRequests(page: string): ShownRequest[] {
  const text = readFileSync(path.resolve(import.meta.dirname, '..', page), 'utf8');
  return [...text.matchAll(/```console\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.split(/^\$ /m).slice(1))
    .map((shown) => {
      const [command = '', ...expected] = shown.split('\n');
      return { command, expected: expected.join('\n').trim() };
    });
}

/** Sends the request to the server instead of `localhost:7071` and compares. */
export async function expectShown(server: string, command: string, expected: string): Promise<void> {
  const { url, ...init } = parsed(command);
  const response = await fetch(url.replace('localhost:7071', server.replace('http://', '')), init);
  const text = await response.text();
  const [, status, headers = '', json] = /^HTTP (\d+)\n?((?:[A-Za-z-]+: [^\n]*\n?)*)(.*)$/s.exec(expected) ?? [];
  expect([response.status, response.status === Number(status) ? '' : text]).toEqual([Number(status), '']);
  for (const header of headers.split('\n').filter((line) => line !== '')) {
    const [name = '', value] = header.split(/: (.*)/);
    expect(response.headers.get(name)).toBe(value);
  }
  if (json) expectPart(JSON.parse(text), JSON.parse(json), '');
}

/** The few options of curl that the tour uses. */
function parsed(command: string): { url: string; method: string; headers: Record<string, string>; body?: string } {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const headers: Record<string, string> = {};
  let method: string | undefined;
  let body: string | undefined;
  let url = '';
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-X') method = words[++at];
    else if (word === '-d') body = words[++at];
    else if (word === '-o') at += 1;
    else if (word === '-H') {
      const [name = '', value = ''] = (words[++at] ?? '').split(/: (.*)/);
      headers[name] = value;
    } else url = `http://${word}`;
  }
  return { url, method: method ?? (body === undefined ? 'GET' : 'POST'), headers, ...(body !== undefined && { body }) };
}

/** Every property and item of `part` is in `whole`; an array of `part` is the beginning of the whole one. */
function expectPart(whole: unknown, part: unknown, place: string): void {
  if (typeof part !== 'object' || part === null) {
    expect([place, whole]).toEqual([place, part]);
    return;
  }
  expect([place, typeof whole]).toEqual([place, 'object']);
  for (const [key, value] of Object.entries(part)) {
    expectPart((whole as Record<string, unknown>)[key], value, `${place}/${key}`);
  }
}
