import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notificationOf } from '../../../test/fhir/subscription-receiver.ts';
import { testBase } from '../search/testing/test-service.ts';
import { notify } from './notify.ts';
import { type DeliveryRig, Killed, openDeliveryRig, type Told } from './testing/delivery-rig.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

let rig: DeliveryRig;
beforeEach(async () => {
  rig = await openDeliveryRig();
});
afterEach(() => rig.close());

function topical(extension: object[] = [], rest: object = {}) {
  return rig.subscription({
    ...rest,
    criteria: `${testBase}/SubscriptionTopic/Patient-change`,
    channel: {
      type: 'rest-hook',
      endpoint: 'https://hook.example/',
      payload: 'application/fhir+json',
      _payload: { extension: [{ url: `${backport}/backport-payload-content`, valueCode: 'id-only' }] },
      extension: [{ url: `${backport}/backport-max-count`, valuePositiveInt: 2 }, ...(extension as [])],
    },
  });
}
const plain = (rest: object = {}) =>
  rig.subscription({
    criteria: 'Patient?active=true',
    channel: { type: 'rest-hook', endpoint: 'https://hook.example/a', payload: 'application/fhir+json' },
    ...rest,
  });
const patients = (...ids: string[]) => rig.put(...ids.map((id) => ({ resourceType: 'Patient', id, active: true })));
const statusCode = async (id = 's') => {
  const stored = await rig.service.store.read({ type: 'Subscription', id });
  return /"status":"(\w+)"/.exec(Buffer.from(stored?.body ?? '').toString())?.[1];
};
/** The ids of the patients that a request tells of. */
const focuses = (one: Told) =>
  one.method === 'PUT'
    ? [one.url.split('/').at(-1)]
    : notificationOf(one).events.map(({ focus }) => focus?.split('/').at(-1));
const events = () =>
  rig.told.map(notificationOf).flatMap((one) => one.events.map(({ number, focus }) => ({ number, focus })));

describe('a process that dies after any step of a delivery', () => {
  it.each([
    ['by topic', (id: string) => topical([], { id }), 20],
    ['without topic', (id: string) => plain({ id }), 15],
  ])('loses nothing: a subscription %s', async (_, subscription, leastDeaths) => {
    let deaths = 0;
    for (let at = 1, died = true; died; at += 1) {
      const id = `s${at}`;
      rig.forget();
      await rig.put(subscription(id));
      await patients(`${at}-a`, `${at}-b`, `${at}-c`);
      rig.wake({ id });
      rig.killAt(at);
      died = await rig.work().then(
        () => false,
        (error: unknown) => {
          if (error instanceof Killed) return true;
          throw error;
        },
      );
      await rig.restart();
      await patients(`${at}-d`, `${at}-e`);
      rig.wake({ id });
      await rig.work();
      const firsts = [...new Set(rig.told.flatMap(focuses))];
      expect(firsts, `dead at ${at}`).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${at}-${name}`));
      expect(await statusCode(id)).toBe('active');
      if (died) deaths += 1;
    }
    expect(deaths).toBeGreaterThan(leastDeaths);
  });

  it('tells again under the same number what it may have told', async () => {
    let again = 0;
    for (let at = 1, died = true; died; at += 1) {
      const id = `s${at}`;
      rig.forget();
      await rig.put(topical([], { id }));
      await patients(`${at}-a`, `${at}-b`, `${at}-c`);
      rig.wake({ id });
      rig.killAt(at);
      died = await rig.work().then(
        () => false,
        () => true,
      );
      await rig.restart();
      rig.wake({ id });
      await rig.work();
      const told = events();
      const distinct = [...new Map(told.map((one) => [JSON.stringify(one), one])).values()];
      expect(
        distinct.map(({ number }) => number),
        `dead at ${at}`,
      ).toEqual([1, 2, 3]);
      // One notification of two events at most.
      expect(told.length - distinct.length).toBeLessThanOrEqual(2);
      again += told.length - distinct.length;
    }
    expect(again).toBeGreaterThan(0);
  });
});

describe('time', () => {
  it('a heartbeat comes when nothing else did for its period', async () => {
    await rig.put(topical([{ url: `${backport}/backport-heartbeat-period`, valueUnsignedInt: 60 }]));
    rig.wake({ id: 's' });
    await rig.work();
    const types = () => rig.told.map((one) => notificationOf(one).type);
    expect(types()).toEqual(['handshake']);
    rig.pass(59_000);
    await rig.work();
    expect(types()).toEqual(['handshake']);
    rig.pass(1_000);
    await rig.work();
    expect(types()).toEqual(['handshake', 'heartbeat']);
    rig.pass(30_000);
    await patients('a');
    rig.wake({ id: 's' });
    await rig.work();
    rig.pass(30_000);
    await rig.work();
    expect(types()).toEqual(['handshake', 'heartbeat', 'event-notification']);
    rig.pass(30_000);
    await rig.work();
    expect(types()).toEqual(['handshake', 'heartbeat', 'event-notification', 'heartbeat']);
  });

  it('the pauses between attempts double, give or take a quarter, and stop at off', async () => {
    await rig.put(plain());
    rig.wake({ id: 's' });
    await rig.work();
    await patients('a');
    rig.refused.status = 500;
    const { retrySeconds, errorAfter, offAfter } = rig.service.subscriptions.settings;
    rig.wake({ id: 's' });
    for (let failures = 1; failures < offAfter; failures += 1) {
      await rig.work();
      const state = await rig.states().read('s');
      expect(state?.failures).toBe(failures);
      const pause = Math.min(retrySeconds * 2 ** (failures - 1), 3600) * 1000;
      expect((state?.retryAt ?? 0) - rig.time()).toBeGreaterThanOrEqual(pause * 0.75);
      expect((state?.retryAt ?? 0) - rig.time()).toBeLessThanOrEqual(pause * 1.25);
      expect(await statusCode()).toBe(failures < errorAfter ? 'active' : 'error');
      rig.pass((state?.retryAt ?? 0) - rig.time() + 1);
    }
    await rig.work();
    expect(await statusCode()).toBe('off');
    expect(await rig.states().read('s')).toBeUndefined();
    await patients('b');
    rig.wake({ id: 's' });
    await rig.work();
    expect(rig.told).toEqual([]);
  });

  it('ends it', async () => {
    await rig.put(plain({ end: new Date(rig.time() + 60_000).toISOString() }));
    rig.wake({ id: 's' });
    await rig.work();
    expect(await statusCode()).toBe('active');
    rig.pass(60_001);
    await rig.work();
    expect(await statusCode()).toBe('off');
    expect(rig.queue()).toEqual([]);
  });

  it('however often it is woken, one alarm is left', async () => {
    await rig.put(plain());
    for (let at = 0; at < 50; at += 1) rig.wake({ id: 's' });
    await rig.work();
    expect(rig.queue()).toHaveLength(1);
    for (let at = 0; at < 10; at += 1) {
      rig.pass(300_000);
      await rig.work();
      expect(rig.queue()).toHaveLength(1);
    }
  });
});

describe('two workers on one subscription', () => {
  it('never tell at the same time, so the order holds', async () => {
    await rig.put(plain());
    rig.wake({ id: 's' });
    await rig.work();
    await patients('a', 'b', 'c', 'd', 'e', 'f');
    await Promise.all(Array.from({ length: 8 }, () => notify(rig.service, { id: 's' })));
    rig.pass(1000);
    await rig.work();
    expect(rig.told.map(({ url }) => url.at(-1))).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

describe('what is gone before it could be told', () => {
  it('an erased resource is not told of, and takes no number', async () => {
    await rig.put(topical());
    rig.wake({ id: 's' });
    await rig.work();
    await patients('a', 'b');
    await rig.service.store.commit([{ kind: 'erase', key: { type: 'Patient', id: 'a' }, expected: 1 }]);
    rig.wake({ id: 's' });
    await rig.work();
    expect(events()).toEqual([{ number: 1, focus: `${testBase}/Patient/b` }]);
  });
});
