/** What happened to instances, in order. Source: AHDS's change feed, v1 by sequence, v2 by time. */
import type { Answer } from '../../operations/operation.ts';
import type { ImagingChange } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { offsetIn, pageIn, parameter, trueOrFalse, wholeNumber } from '../query-parameters.ts';

const json = { 'Content-Type': 'application/json; charset=utf-8' };

/** v1: the rows whose sequence is in (offset, offset + limit]. v2: a window of time, of which `offset` rows are passed over. */
export async function changeFeed(call: DicomCall): Promise<Answer> {
  const { index } = call.service;
  const asked = call.url.searchParams;
  const withMetadata = trueOrFalse(asked, 'includemetadata', true);
  const offset = offsetIn(asked);
  if (call.version === 1) {
    const limit = wholeNumber(asked, 'limit', { least: 1, most: 100, fallback: 10 });
    const rows = await index.changes({ after: offset, limit });
    const within = rows.filter(({ sequence }) => sequence <= offset + limit);
    return { status: 200, headers: json, body: JSON.stringify(await entries(call, within, withMetadata)) };
  }
  const { limit } = pageIn(asked);
  const since = instant(asked, 'startTime');
  const before = instant(asked, 'endTime');
  if (since !== undefined && before !== undefined && before <= since) {
    throw new DicomError('invalid', 'endTime must be later than startTime.');
  }
  const window = { ...(since !== undefined && { since }), ...(before !== undefined && { before }) };
  const rows = await index.changes({ ...window, skip: offset, limit });
  return { status: 200, headers: json, body: JSON.stringify(await entries(call, rows, withMetadata)) };
}

/** The newest entry; 204 when there is none. */
export async function latestChange(call: DicomCall): Promise<Answer> {
  const withMetadata = trueOrFalse(call.url.searchParams, 'includemetadata', true);
  const last = await call.service.index.lastChange();
  if (!last) return { status: 204 };
  const [entry] = await entries(call, [last], withMetadata);
  return { status: 200, headers: json, body: JSON.stringify(entry) };
}

function entries({ service }: DicomCall, changes: readonly ImagingChange[], withMetadata: boolean): Promise<object[]> {
  return Promise.all(
    changes.map(async ({ sequence, time, action, key, version, current }) => {
      const [newest] = withMetadata && current !== undefined ? await service.index.metadata(key, 1) : [];
      return {
        sequence,
        partitionName: key.partition,
        studyInstanceUid: key.study,
        seriesInstanceUid: key.series,
        sopInstanceUid: key.instance,
        action,
        timestamp: new Date(time).toISOString().replace('Z', '+00:00'),
        state: current === undefined ? 'deleted' : current === version ? 'current' : 'replaced',
        ...(newest && { metadata: JSON.parse(Buffer.from(newest.metadata).toString()) }),
      };
    }),
  );
}

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/;

/** ISO 8601 with a zone; a `+` that was not escaped arrives as a blank. */
function instant(asked: URLSearchParams, name: string): number | undefined {
  const text = parameter(asked, name)?.replace(' ', '+');
  if (text === undefined) return undefined;
  const time = instantPattern.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new DicomError('invalid', `${name} must be a time with its zone, 2026-01-01T00:00:00Z.`);
}
