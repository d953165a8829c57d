/** Every good example of HL7 is stored and comes back equal, digit for digit; the broken ones are refused with the reason. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

/** Known faults of the published examples. */
const broken: Record<string, string> = {
  'Binary/example': 'Binary.data',
  'Media/example': 'Media.content.data',
  'DiagnosticReport/gingival-mass': 'DiagnosticReport.presentedForm[0].data',
  'Questionnaire/qs1': 'Questionnaire.item[0].item[0].linkId',
};

const examples = gunzipSync(readFileSync(new URL('./fixtures/hl7-examples.ndjson.gz', import.meta.url)))
  .toString()
  .split('\n')
  .filter((line) => line !== '');

it('each example is read back as it was written', async () => {
  const refused: Record<string, string> = {};
  let stored = 0;
  for (const text of examples) {
    const sent = JSON.parse(text);
    const address = `${server.url}/fhir/${sent.resourceType}/${sent.id}`;
    const answer = await fetch(address, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: text,
    });
    if (answer.status !== 201 && answer.status !== 200) {
      const outcome = JSON.parse(await answer.text());
      refused[`${sent.resourceType}/${sent.id}`] = outcome.issue[0].expression?.[0] ?? outcome.issue[0].diagnostics;
      continue;
    }
    stored += 1;
    const read = await (await fetch(address)).text();
    const back = JSON.parse(read);
    // A Subscription is alive: it says who asked, and what became of it (test/fhir/subscriptions.test.ts).
    if (sent.resourceType === 'Subscription') {
      expect({ ...back, meta: undefined, status: sent.status }).toEqual({ ...sent, meta: undefined });
      continue;
    }
    expect(back.meta.versionId).toBe('1');
    expect(withoutStamp(back)).toEqual(withoutStamp(sent));
    expect(decimalsOf(read)).toEqual(decimalsOf(text));
  }
  expect(refused).toEqual(broken);
  expect(stored).toBe(examples.length - Object.keys(broken).length);
}, 120_000);

function withoutStamp(resource: { meta?: Record<string, unknown> }) {
  const { versionId, lastUpdated, ...meta } = resource.meta ?? {};
  return { ...resource, meta };
}

/** Every decimal of a JSON text, outside strings, as it is written. */
function decimalsOf(text: string): string[] {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d+\.\d+(?:[eE][+-]?\d+)?/g) ?? [];
}
