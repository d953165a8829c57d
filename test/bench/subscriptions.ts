/** `node test/bench/subscriptions.ts`: events told per second, and the time from the answer to a write to its notification. */
import { fhirRequests } from '../fhir/fhir-requests.ts';
import { notificationOf, startReceiver } from '../fhir/subscription-receiver.ts';
import { startLocalServer } from '../local-server.ts';

const events = 2000;
const singles = 100;
const server = await startLocalServer();
const send = fhirRequests(`${server.url}/fhir`);

async function subscribe(criteria: string, endpoint: string): Promise<string> {
  const channel = { type: 'rest-hook', endpoint, payload: 'application/fhir+json' };
  const subscription = { resourceType: 'Subscription', status: 'requested', reason: 'bench', criteria, channel };
  const { body } = await send('POST', '/Subscription', subscription);
  while ((await send('GET', `/Subscription/${body.id}`)).body.status !== 'active');
  return body.id;
}

const observation = (code: string) => ({ resourceType: 'Observation', status: 'final', code: { coding: [{ code }] } });
const transaction = (code: string, size: number) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: Array.from({ length: size }, () => ({
    resource: observation(code),
    request: { method: 'POST', url: 'Observation' },
  })),
});

async function burst(name: string, criteria: string, told: (text: string) => number): Promise<void> {
  const receiver = await startReceiver();
  const id = await subscribe(criteria, `${receiver.url}/hook`);
  const before = receiver.received.length;
  const started = Date.now();
  for (let sent = 0; sent < events; sent += 500) await send('POST', '', transaction('burst', 500));
  const written = Date.now() - started;
  await receiver.until((all) => all.slice(before).reduce((sum, { text }) => sum + told(text), 0) >= events, 120_000);
  const seconds = (Date.now() - started) / 1000;
  console.log(
    `${name}: ${events} events written in ${written} ms, told in ${seconds} s: ${Math.round(events / seconds)}/s`,
  );
  await send('DELETE', `/Subscription/${id}`);
  await receiver.close();
}

async function delays(pauseMs: number): Promise<void> {
  const receiver = await startReceiver();
  const id = await subscribe('Observation?code=single', `${receiver.url}/hook`);
  const took: number[] = [];
  for (let at = 0; at < singles; at += 1) {
    await send('POST', '/Observation', observation('single'));
    const answered = Date.now();
    const all = await receiver.until(({ length }) => length > at);
    took.push((all[at]?.at ?? 0) - answered);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const sorted = took.toSorted((a, b) => a - b);
  const quantile = (of: number) => sorted[Math.floor(of * (singles - 1))];
  console.log(
    `delay, a write every ${pauseMs} ms: median ${quantile(0.5)} ms, 95 % ${quantile(0.95)} ms, most ${quantile(1)} ms`,
  );
  await send('DELETE', `/Subscription/${id}`);
  await receiver.close();
}

await burst('plain, a PUT for each event', 'Observation?code=burst', () => 1);
const topic = `${server.url}/fhir/SubscriptionTopic/Observation-change`;
await burst('by topic, up to 100 events a POST', topic, (text) => notificationOf({ text }).events.length);
await delays(0);
await delays(300);
await server.stop();
