/**
 * Each of the 115 real files through a running service: stored, its metadata as two independent readers have it, in JSON and
 * in XML, its bytes as they were; or refused with the reason that AHDS's conformance statement gives.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomJson } from '../../shared/dicom/json/dicom-json.ts';
import { jsonOracle, noPart10, realFiles } from '../../shared/dicom/testing/json-oracle.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';
import { fromNativeDicomModel, withTexts } from './from-native-dicom-model.ts';

const folder = sharedData('dicom');
const implicitLittle = '1.2.840.10008.1.2';
const xml = 'multipart/related; type="application/dicom+xml"';

/** v2 wants UIDs that are valid, and a PatientID that is there. */
const [patientId, ...uids] = ['00100020', '00080016', '00080018', '0020000D', '0020000E'];

function invalidTags(attributes: DicomJson): readonly string[] {
  const wrongUids = uids.filter((tag) => !/^[0-9.]{1,64}$/.test(String(attributes[tag]?.Value?.[0])));
  return attributes[patientId] ? wrongUids : [patientId, ...wrongUids];
}

describe.skipIf(folder === undefined)('the real files, through the service', () => {
  let server: LocalServer;
  let v2: DicomRequests;
  const refused: string[] = [];
  const { compared, core } = jsonOracle(folder);
  beforeAll(async () => {
    server = await startLocalServer();
    v2 = dicomRequests(`${server.url}/dicom/v2`);
  });
  afterAll(() => server.stop());

  it.each(realFiles(folder))('$file', async ({ file, transferSyntax }) => {
    const bytes = readFileSync(path.join(folder as string, file));
    // Some have the UIDs of another: PUT puts them in its place.
    const { status, json } = await v2.store([bytes], '/studies', 'PUT');
    const invalid = file in noPart10 ? [] : invalidTags(core(file));
    if (file in noPart10 || invalid.length > 0) {
      const { '00081197': reason, '00741048': comments } = json['00081198'].Value[0];
      expect([status, reason.Value]).toEqual([409, [file in noPart10 ? 272 : 43264]]);
      expect((comments?.Value ?? []).map(commentTag).toSorted()).toEqual(invalid.toSorted());
      refused.push(file);
      return;
    }
    const { '00081190': url, '00081196': warning, '00741048': comments } = json['00081199'].Value[0];
    const wrong = ((comments.Value ?? []) as DicomJson[]).map(commentTag);
    // Implicit VRs have a warning of their own.
    const expected = transferSyntax === implicitLittle ? [45063] : wrong.length > 0 ? [1] : undefined;
    expect([status, warning?.Value]).toEqual([expected ? 202 : 200, expected]);
    const address = String(url.Value[0]).slice(`${server.url}/dicom/v2`.length);

    const metadata: DicomJson = (await v2.get(`${address}/metadata`)).json[0];
    const [ours, theirs] = compared(file, metadata);
    // What is warned of is left out of the metadata, but for a PatientID without a value.
    const left = wrong.filter((tag) => tag !== patientId);
    expect(ours).toEqual(Object.fromEntries(Object.entries(theirs).filter(([tag]) => !left.includes(tag))));

    const [part] = partsOf(await v2.get(`${address}/metadata`, xml));
    expect(part?.contentType).toBe('application/dicom+xml');
    expect(fromNativeDicomModel(part?.content.toString() ?? '')).toEqual(withTexts(metadata));

    const back = await v2.get(address, 'application/dicom; transfer-syntax=*');
    expect(back.headers.get('content-type')).toBe(`application/dicom; transfer-syntax=${transferSyntax}`);
    expect(back.bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(back.bytes.subarray(128).equals(bytes.subarray(128))).toBe(true);
  });

  it('97 are stored, 18 refused', () => expect(refused).toHaveLength(18));
});

/** `DICOM100: (0008,0020) - …` */
function commentTag(comment: DicomJson): string {
  const [, group = '', element = ''] =
    /\(([0-9A-F]{4}),([0-9A-F]{4})\)/i.exec(String(comment['00000902']?.Value?.[0])) ?? [];
  return (group + element).toUpperCase();
}
