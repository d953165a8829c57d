/** For tests of custom search parameters: definitions in few words, and waiting for a reindex to end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FhirAnswer, Send } from './fhir-requests.ts';

export function searchParameter(url: string, code: string, more: object = {}) {
  return {
    resourceType: 'SearchParameter',
    url,
    name: code,
    status: 'active',
    description: 'A test.',
    code,
    base: ['Patient'],
    type: 'string',
    ...more,
  } as { [name: string]: unknown; id?: string; expression?: string };
}

/** `answer` is that of a request which started or showed the job; the job once it is not active any more. */
export async function finished(send: Send, { body }: FhirAnswer): Promise<FhirAnswer> {
  for (;;) {
    const job = await send('GET', `/_operations/reindex/${body.id}`);
    const status = parameterOf(job, 'status');
    if (status !== 'Queued' && status !== 'Running') return job;
    await pause(20);
  }
}

/** The value of a parameter of a Parameters resource. */
export function parameterOf({ body }: FhirAnswer, name: string): unknown {
  const parameter = (body.parameter ?? []).find((each: { name: string }) => each.name === name) ?? {};
  const value = Object.keys(parameter).find((key) => key.startsWith('value'));
  return value === undefined ? undefined : parameter[value];
}

/** The ids of a search's matches, sorted. */
export function idsOf({ body }: FhirAnswer): string[] {
  const matches = (body.entry ?? []).filter((each: { search: { mode: string } }) => each.search.mode === 'match');
  return matches.map(({ resource }: { resource: { id: string } }) => resource.id).sort();
}
