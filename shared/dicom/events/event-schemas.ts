/**
 * An entry of the change feed as an event. Sources: AHDS, "Azure Health Data Services events"; Azure Event Grid, event schema;
 * CloudEvents 1.0, JSON format and HTTP webhook.
 */
import { createHash } from 'node:crypto';
import type { ImagingChange } from '../../stores/imaging/imaging-index.ts';
import type { EventSchema, EventSettings } from './settings.ts';

export interface EventSource extends Pick<EventSettings, 'topic' | 'serviceHostName'> {
  /** Subjects name the data partition. */
  readonly partitions: boolean;
}

const types: Record<ImagingChange['action'], string> = {
  create: 'Microsoft.HealthcareApis.DicomImageCreated',
  update: 'Microsoft.HealthcareApis.DicomImageUpdated',
  delete: 'Microsoft.HealthcareApis.DicomImageDeleted',
};

/** The same entry has the same id however often it is told. */
export function eventOf(change: ImagingChange, schema: EventSchema, source: EventSource): object {
  const { key, sequence, action } = change;
  const { topic, serviceHostName } = source;
  const partition = source.partitions ? `/partitions/${key.partition}` : '';
  const path = `/v1${partition}/studies/${key.study}/series/${key.series}/instances/${key.instance}`;
  const id = idOf(`${topic}/${serviceHostName}/${sequence}`);
  const subject = `${serviceHostName}${path}`;
  const data = {
    partitionName: key.partition,
    imageStudyInstanceUid: key.study,
    imageSeriesInstanceUid: key.series,
    imageSopInstanceUid: key.instance,
    serviceHostName,
    sequenceNumber: sequence,
  };
  const time = new Date(change.time).toISOString();
  if (schema === 'cloudevents')
    return { source: topic, subject, type: types[action], time, id, data, specversion: '1.0' };
  const versions = { dataVersion: '1', metadataVersion: '1' };
  return { id, topic, subject, data, eventType: types[action], ...versions, eventTime: time };
}

/** A UUID of its own for each text. RFC 9562, 5.8. */
export function idOf(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
