/** The Event Hubs of a workspace: those that its MedTech services read, and what `eventHubs` in workspace.json says of them. */
import type { CheckedObject } from './checked-object.ts';

/** What the local broker has to know of a hub. In Azure the deployment makes the hubs. */
export interface EventHubSettings {
  readonly partitions: number;
  /** `$Default` among them. */
  readonly consumerGroups: readonly string[];
  readonly retentionHours: number;
  /** Of all partitions together; the oldest events go first. */
  readonly maxMegabytes: number;
}

/** Who reads a hub. */
export interface EventHubReader {
  readonly eventHub: string;
  readonly consumerGroup: string;
}

const properties = ['partitions', 'consumerGroups', 'retentionHours', 'maxMegabytes'];

const hubName = /^[a-z0-9]([a-z0-9._-]{0,254}[a-z0-9])?$/i;
const groupName = /^[a-z0-9$]([a-z0-9._-]{0,48}[a-z0-9])?$/i;
const nameRule = 'letters, digits, ".", "-" and "_", first and last a letter or a digit';

/** The names of a hub and a group that a service reads. */
export function readerOf(entry: CheckedObject): EventHubReader {
  const eventHub = entry.text('eventHub');
  const consumerGroup = entry.text('consumerGroup', '$Default');
  if (!hubName.test(eventHub)) entry.refuse('.eventHub', `a name of ${nameRule}`);
  if (!groupName.test(consumerGroup)) entry.refuse('.consumerGroup', `a name of ${nameRule}`);
  return { eventHub, consumerGroup };
}

/** Event Hubs: 32 in the standard tier. */
const mostPartitions = 32;

/** By name in lower case: Event Hubs takes names in any case. `root`: workspace.json as a whole. */
export function eventHubsOf(root: CheckedObject, readers: readonly EventHubReader[]): Map<string, EventHubSettings> {
  const settings = root.has('eventHubs') ? root.object('eventHubs') : undefined;
  const given = settings?.entries().map(([name]) => name) ?? [];
  const names = new Map(
    [...readers.map(({ eventHub }) => eventHub), ...given].map((name) => [name.toLowerCase(), name]),
  );
  return new Map(
    [...names].map(([key, name]) => {
      if (!hubName.test(name)) settings?.refuse(`.${name}`, `under a name of ${nameRule}`);
      const groups = readers.filter(({ eventHub }) => eventHub.toLowerCase() === key);
      return [
        key,
        settingsOf(
          settings,
          name,
          groups.map(({ consumerGroup }) => consumerGroup),
        ),
      ];
    }),
  );
}

function settingsOf(all: CheckedObject | undefined, name: string, readBy: readonly string[]): EventHubSettings {
  const entry = all?.has(name) ? all.object(name, properties) : undefined;
  const partitions = entry?.wholeNumber('partitions', 4) ?? 4;
  if (partitions > mostPartitions) entry?.refuse('.partitions', `at most ${mostPartitions}`);
  return {
    partitions,
    consumerGroups: [...new Set(['$Default', ...readBy, ...groupsOf(entry)])],
    retentionHours: entry?.wholeNumber('retentionHours', 168) ?? 168,
    maxMegabytes: entry?.wholeNumber('maxMegabytes', 1024) ?? 1024,
  };
}

function groupsOf(entry: CheckedObject | undefined): string[] {
  const given = entry?.get('consumerGroups') ?? [];
  const isGroup = (group: unknown): group is string => typeof group === 'string' && groupName.test(group);
  if (Array.isArray(given) && given.every(isGroup)) return given;
  return entry?.refuse('.consumerGroups', 'a list of names of consumer groups') ?? [];
}
