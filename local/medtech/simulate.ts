/** Devices that send to an Event Hub what the sample mappings know: heart rates, blood pressures, weights. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { EventHubProducerClient } from '@azure/event-hubs';
import { SimulatedDevice } from './simulated-device.ts';

const options = {
  devices: { type: 'string', default: '50' },
  /** Events a second, of all devices together. */
  rate: { type: 'string', default: '10' },
  /** Without it until Ctrl-C. */
  seconds: { type: 'string' },
  seed: { type: 'string', default: '1' },
  hub: { type: 'string', default: 'devicedata' },
  /** The local broker unless given. */
  connection: { type: 'string' },
} as const;

const tickMs = 100;
/** How far sending may fall behind the rate before it leaves time out. */
const mostBehindMs = 2000;

/** `simulate [--devices N] [--rate N] [--seconds N] [--seed N] [--hub NAME] [--connection STRING]`. 0, or 1: it cannot send. */
export async function simulate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const numbers = [values.devices, values.rate, values.seconds ?? '1', values.seed].map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number > 0)) {
    console.error('--devices, --rate, --seconds and --seed are whole numbers above 0.');
    return 2;
  }
  const [devices, rate] = numbers as [number, number];
  const { EventHubProducerClient } = await import('@azure/event-hubs');
  const port = process.env.EVENT_HUB_PORT ?? '5672';
  const local = `Endpoint=sb://localhost:${port};SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true`;
  const retryOptions = { maxRetries: 1, retryDelayInMs: 500, timeoutInMs: 10_000 };
  const client = new EventHubProducerClient(values.connection ?? local, values.hub, { retryOptions });
  try {
    const total = values.seconds === undefined ? Number.POSITIVE_INFINITY : rate * Number(values.seconds);
    const fleet = Array.from({ length: devices }, (_, number) => new SimulatedDevice(number + 1, Number(values.seed)));
    const { sent, seconds } = await send(client, fleet, rate, total);
    console.log(`${sent} events of ${devices} devices in ${seconds.toFixed(1)} s`);
    return 0;
  } catch (error) {
    console.error(`${values.hub} cannot be sent to: ${(error as Error).message}`);
    return 1;
  } finally {
    await client.close().catch(() => {});
  }
}

/** Each event has the time at which it is due. When the hub is slower than the rate, later ones are left for later. */
async function send(
  client: EventHubProducerClient,
  devices: readonly SimulatedDevice[],
  rate: number,
  total: number,
): Promise<{ sent: number; seconds: number }> {
  let began = Date.now();
  const first = began;
  let stopping = false;
  const onSignal = () => {
    stopping = true;
  };
  process.once('SIGINT', onSignal);
  let sent = 0;
  while (sent < total && !stopping) {
    const due = Math.min(total, Math.floor(((Date.now() - began) / 1000) * rate));
    const byDevice = new Map<SimulatedDevice, Record<string, unknown>[]>();
    for (; sent < due; sent++) {
      const device = devices[sent % devices.length] as SimulatedDevice;
      const event = device.next(new Date(began + (sent / rate) * 1000));
      byDevice.set(device, [...(byDevice.get(device) ?? []), event]);
    }
    await Promise.all([...byDevice].map(([device, events]) => sendOf(client, device, events)));
    const behindMs = Date.now() - began - (sent / rate) * 1000;
    if (behindMs > mostBehindMs) began += behindMs - mostBehindMs;
    await delay(tickMs);
  }
  process.removeListener('SIGINT', onSignal);
  return { sent, seconds: (Date.now() - first) / 1000 };
}

/** The key keeps a device's events in one partition, and so in their order. */
async function sendOf(client: EventHubProducerClient, { id }: SimulatedDevice, events: readonly object[]) {
  const bodies = events.map((body) => ({ body, contentType: 'application/json' }));
  await client.sendBatch(bodies, { partitionKey: id });
}
