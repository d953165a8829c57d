import { describe, expect, it } from 'vitest';
import { StartError } from './start-error.ts';
import { parseWorkspaceFile } from './workspace-file.ts';

function hubsOf(eventHubs: unknown, medtech: object[] = []) {
  const services = medtech.map((entry, index) => [`m${index}`, { kind: 'medtech', fhirService: 'fhir', ...entry }]);
  const file = { name: 'w', services: { fhir: { kind: 'fhir' }, ...Object.fromEntries(services) }, eventHubs };
  return parseWorkspaceFile(JSON.stringify(file), 'w.json').eventHubs;
}

describe('Event Hubs of workspace.json', () => {
  it('without MedTech services there are none', () => {
    expect(hubsOf(undefined).size).toBe(0);
  });

  it('are those that MedTech services read, with the groups of all of them; names in any case are one hub', () => {
    const hubs = hubsOf(undefined, [{ eventHub: 'devices' }, { eventHub: 'Devices', consumerGroup: 'second' }]);
    const consumerGroups = ['$Default', 'second'];
    expect([...hubs]).toEqual([
      ['devices', { partitions: 4, consumerGroups, retentionHours: 168, maxMegabytes: 1024 }],
    ]);
  });

  it('and those that it names, with what it says of them', () => {
    const hubs = hubsOf({ devices: { partitions: 8, consumerGroups: ['mine'], retentionHours: 1 }, other: {} }, [
      { eventHub: 'devices', consumerGroup: 'theirs' },
    ]);
    expect([...hubs.keys()]).toEqual(['devices', 'other']);
    const consumerGroups = ['$Default', 'theirs', 'mine'];
    expect(hubs.get('devices')).toEqual({ partitions: 8, consumerGroups, retentionHours: 1, maxMegabytes: 1024 });
  });

  it.each([
    [{ devices: { partitions: 0 } }, '$.eventHubs.devices.partitions'],
    [{ devices: { partitions: 33 } }, '$.eventHubs.devices.partitions must be at most 32'],
    [{ devices: { shards: 4 } }, '$.eventHubs.devices.shards'],
    [{ devices: { consumerGroups: ['../x'] } }, '$.eventHubs.devices.consumerGroups'],
    [{ '../devices': {} }, '$.eventHubs.../devices'],
    [[], '$.eventHubs'],
  ])('%j is refused', (eventHubs, message) => {
    expect(() => hubsOf(eventHubs)).toThrow(StartError);
    expect(() => hubsOf(eventHubs)).toThrow(message);
  });

  it.each([
    [{ eventHub: '../x' }, '$.services.m0.eventHub'],
    [{ eventHub: 'devices', consumerGroup: 'a/b' }, '$.services.m0.consumerGroup'],
  ])('a service that reads %j is refused', (medtech, message) => {
    expect(() => hubsOf(undefined, [medtech])).toThrow(message);
  });
});
