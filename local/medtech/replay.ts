import { parseArgs } from 'node:util';
import type { Replayed } from '../../shared/medtech/dead-letter/replay.ts';

const options = {
  url: { type: 'string', default: 'http://localhost:7071/medtech' },
  /** Only those with one of these errors. */
  error: { type: 'string', multiple: true },
  /** Only those whose events reached the Event Hub from then on, and before. */
  since: { type: 'string' },
  until: { type: 'string' },
  token: { type: 'string' },
} as const;

/**
 * `replay [--error NAME] [--since TIME] [--until TIME] [--url URL] [--token TOKEN]`: feeds dead letters again to the service at
 * the URL, which must run. 0: none is left of those asked for, 1: some are, 2: the service refuses.
 */
export async function replay(args: string[]): Promise<number> {
  const { url, error: errors, since, until, token } = parseArgs({ args, options }).values;
  let succeeded = 0;
  const left = new Map<string, number>();
  let after: string | undefined;
  do {
    const response = await fetch(`${url}/dead-letters/$replay`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ errors, since, until, after }),
    });
    if (response.status !== 200) {
      console.error(`${url} answers ${response.status}: ${await response.text()}`);
      return 2;
    }
    const replayed = (await response.json()) as Replayed;
    succeeded += replayed.succeeded;
    for (const { name } of replayed.failed.flatMap((letter) => letter.errors))
      left.set(name, (left.get(name) ?? 0) + 1);
    after = replayed.next;
  } while (after !== undefined);
  console.log(`${succeeded} replayed`);
  for (const [name, count] of left) console.log(`${count} left with ${name}`);
  return left.size === 0 ? 0 : 1;
}
