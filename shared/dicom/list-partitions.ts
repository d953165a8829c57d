/** `GET /partitions`. AHDS: 400 where the service has none. */
import type { Answer } from '../operations/operation.ts';
import type { DicomCall } from './call.ts';
import { DicomError } from './errors.ts';

export async function listPartitions({ service }: DicomCall): Promise<Answer> {
  if (!service.settings.partitions) throw new DicomError('invalid', 'This service has no data partitions.');
  const partitions = (await service.partitions.all()).map(({ key, name, created }) => ({
    partitionKey: key,
    partitionName: name,
    createdDate: new Date(created).toISOString().replace('Z', '+00:00'),
  }));
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  return { status: 200, headers, body: JSON.stringify(partitions) };
}
