/** Devices that send heart rates, blood pressures and weights, as the sample mappings know them. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EventHubProducerClient } from '@azure/event-hubs';

const options = {
  devices: { type: 'string', default: '50' },
  /** Events a second. */
  rate: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '10' },
  hub: { type: 'string', default: 'devicedata' },
  connection: { type: 'string' },
} as const;

const tickMs = 100;

/** The events of one device, each a little away from the one before. */
export class SimulatedDevice {
  readonly id: string;
  #count = 0;
  #heartRate: number;
  #systolic: number;
  #weight: number;
  #seed: number;

  constructor(number: number) {
    this.id = `device-${number}`;
    this.#seed = number * 7919 + 1;
    this.#heartRate = 60 + (number % 30);
    this.#systolic = 110 + (number % 25);
    this.#weight = 55 + (number % 40);
  }

  /** Nine heart rates, then a blood pressure or a weight. */
  next(time: Date): Record<string, unknown> {
    this.#count += 1;
    const event = { deviceId: this.id, patientId: `patient-of-${this.id}`, time: time.toISOString() };
    if (this.#count % 20 === 0) {
      this.#weight += this.#step() / 10;
      return { ...event, weight: Math.round(this.#weight * 10) / 10 };
    }
    if (this.#count % 10 === 0) {
      this.#systolic = within(this.#systolic + this.#step() * 3, 95, 160);
      const systolic = Math.round(this.#systolic);
      return { ...event, systolic, diastolic: Math.round(systolic * 0.65) };
    }
    this.#heartRate = within(this.#heartRate + this.#step() * 2, 48, 140);
    return { ...event, heartRate: Math.round(this.#heartRate) };
  }

  /** -1 to 1, the same in every run. */
  #step(): number {
    this.#seed = (this.#seed * 48271) % 2147483647;
    return (this.#seed / 2147483647) * 2 - 1;
  }
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

export async function simulate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const port = process.env.EVENT_HUB_PORT ?? '5672';
  const local = `Endpoint=sb://localhost:${port};SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true`;
  const client = new EventHubProducerClient(values.connection ?? local, values.hub);
  const devices = Array.from({ length: Number(values.devices) }, (_, number) => new SimulatedDevice(number + 1));
  const total = Number(values.rate) * Number(values.seconds);
  const began = Date.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((Date.now() - began + tickMs) / 1000) * Number(values.rate)));
    const byDevice = new Map<SimulatedDevice, Record<string, unknown>[]>();
    for (; sent < due; sent++) {
      const device = devices[sent % devices.length] as SimulatedDevice;
      byDevice.set(device, [...(byDevice.get(device) ?? []), device.next(new Date())]);
    }
    const batches = [...byDevice].map(([device, events]) =>
      client.sendBatch(
        events.map((body) => ({ body })),
        { partitionKey: device.id },
      ),
    );
    await Promise.all(batches);
    await delay(tickMs);
  }
  await client.close();
  console.log(`${total} events of ${devices.length} devices in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return 0;
}
