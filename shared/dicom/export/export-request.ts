/**
 * The body of an export, checked. Source: AHDS, export: instances by their UIDs, or everything, to a blob container.
 * Offline the container is a folder of the service's data: only addresses of development storage are taken, because nothing
 * else would get there.
 */
import type { InstanceScope } from '../../stores/imaging/imaging-index.ts';
import { DicomError } from '../errors.ts';
import { type JsonObject, objectIn, textIn } from '../json-body.ts';
import { isUid } from '../uid.ts';

export interface ExportRequest {
  /** `study`, `study/series` or `study/series/instance`; undefined: everything of the partition. */
  readonly identifiers: readonly string[] | undefined;
  readonly container: string;
  /** Absolute address of the container. */
  readonly address: string;
}

const mostIdentifiers = 5000;
const containerName = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const developmentAccount = 'http://127.0.0.1:10000/devstoreaccount1';

export function exportRequest(body: unknown): ExportRequest {
  const request = objectIn(body);
  const source = request.get('source') ?? undefined;
  return { identifiers: source === undefined ? undefined : identifiersIn(objectIn(source)), ...containerIn(request) };
}

/** The scope of an identifier. */
export function scopeOfIdentifier(partition: string, identifier: string): InstanceScope {
  const [study = '', series, instance] = identifier.split('/');
  return { partition, study, ...(series !== undefined && { series }), ...(instance !== undefined && { instance }) };
}

function identifiersIn(source: JsonObject): readonly string[] {
  if (textIn(source, 'type')?.toLowerCase() !== 'identifiers')
    throw refused('The type of the source must be identifiers.');
  const values = objectIn(source.get('settings')).get('values');
  if (!Array.isArray(values) || values.length === 0 || values.length > mostIdentifiers) {
    throw refused(`The source must have 1 to ${mostIdentifiers} values.`);
  }
  return values.map((value) => {
    const uids = typeof value === 'string' ? value.split('/') : [];
    if (uids.length === 0 || uids.length > 3 || !uids.every(isUid)) {
      throw refused('A value of the source must be UIDs of a study, series and instance, separated by slashes.');
    }
    return uids.join('/');
  });
}

function containerIn(request: JsonObject): { container: string; address: string } {
  const destination = objectIn(request.get('destination'));
  if (textIn(destination, 'type')?.toLowerCase() !== 'azureblob')
    throw refused('The type of the destination must be azureblob.');
  const settings = objectIn(destination.get('settings'));
  const [uri, connection] = [textIn(settings, 'blobContainerUri'), textIn(settings, 'connectionString')];
  if ((uri === undefined) === (connection === undefined)) {
    throw refused('The destination needs either blobContainerUri, or connectionString and blobContainerName.');
  }
  const name = uri === undefined ? textIn(settings, 'blobContainerName') : developmentContainer(uri);
  if (connection !== undefined && !/^UseDevelopmentStorage=true;?$/i.test(connection.trim())) throw unreachable();
  if (name === undefined || !containerName.test(name))
    throw refused('The container has no name, or none that it may have.');
  return { container: name, address: `${developmentAccount}/${name}` };
}

function developmentContainer(uri: string): string {
  const { protocol, hostname, pathname } = URL.parse(uri) ?? {};
  const [, account, name = '', ...more] = pathname?.split('/') ?? [];
  const isLocal = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');
  if (!isLocal || account !== 'devstoreaccount1' || more.some((part) => part !== '')) throw unreachable();
  return name;
}

function unreachable(): DicomError {
  return refused('The destination cannot be reached from here: without Azure it must be development storage.');
}

function refused(message: string): DicomError {
  return new DicomError('invalid', message);
}
