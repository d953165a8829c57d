/** A broker in a process of its own. Argument: the data folder. Prints its connection string. */
import { startBroker } from '../broker.ts';
import { EventHubs } from '../event-hubs.ts';

const settings = { partitions: 2, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 500 };
const hubs = await EventHubs.open(process.argv[2] ?? '', new Map([['devicedata', settings]]));
const { connectionString } = await startBroker({ hubs, host: '127.0.0.1', port: 0 });
console.log(connectionString);
