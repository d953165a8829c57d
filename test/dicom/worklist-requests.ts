/** Requests about workitems, for tests of what stands on the wire. */
import { workitemJson } from '../../shared/dicom/testing/workitem.ts';
import { type DicomAnswer, type DicomRequests, dicomJsonType } from './dicom-requests.ts';

export interface WorklistRequests {
  create(uid: string, changes?: Readonly<Record<string, unknown>>): Promise<DicomAnswer>;
  search(query?: string): Promise<DicomAnswer>;
  retrieve(uid: string): Promise<DicomAnswer>;
  /** `transaction`: the name of the query's first parameter. */
  update(uid: string, changes: object, transaction?: string): Promise<DicomAnswer>;
  changeState(uid: string, state: string, transaction: string): Promise<DicomAnswer>;
  requestCancellation(uid: string, body?: object): Promise<DicomAnswer>;
  /** With the media types that the service wants, and `headers` in their place. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<DicomAnswer>;
}

/** `partition`: `/partitions/north`. */
export function worklistRequests(api: DicomRequests, partition = ''): WorklistRequests {
  const send: WorklistRequests['send'] = (method, path, body, headers) =>
    api.send(method, `${partition}${path}`, {
      headers: { Accept: dicomJsonType, 'Content-Type': dicomJsonType, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    send,
    create: (uid, changes) => send('POST', `/workitems?${uid}`, [workitemJson(changes)]),
    search: (query = '') => send('GET', `/workitems${query}`),
    retrieve: (uid) => send('GET', `/workitems/${uid}`),
    update: (uid, changes, transaction) =>
      send('POST', `/workitems/${uid}${transaction === undefined ? '' : `?${transaction}`}`, [changes]),
    changeState: (uid, state, transaction) =>
      send('PUT', `/workitems/${uid}/state`, [
        { '00081195': { vr: 'UI', Value: [transaction] }, '00741000': { vr: 'CS', Value: [state] } },
      ]),
    requestCancellation: (uid, body) =>
      send('POST', `/workitems/${uid}/cancelrequest`, body === undefined ? undefined : [body]),
  };
}
