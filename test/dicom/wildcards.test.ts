/** QIDO-RS beyond AHDS: wildcards and lists of UIDs. Source: DICOM PS3.4, C.2.2.2. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

let server: LocalServer;
let api: DicomRequests;
beforeAll(async () => {
  server = await startLocalServer();
  api = dicomRequests(`${server.url}/dicom/v2`);
  const files = [
    ['1.1', 'Doe^John', 'A-100'],
    ['1.2', 'Döring^Jane', 'A-200'],
    ['1.3', 'Roe^Jane', 'B[1]'],
  ].map(([study = '', name = '', accession = '']) =>
    instanceFile({ study, series: `${study}.1`, instance: `${study}.1.1` }, [
      text(0x00080005, 'CS', 'ISO_IR 100'),
      text(attributes.patientName, 'PN', name),
      text(attributes.accessionNumber, 'SH', accession),
    ]),
  );
  const nameless = { study: '1.4', series: '1.4.1', instance: '1.4.1.1' };
  expect((await api.store([...files, instanceFile(nameless)])).status).toBe(200);
});
afterAll(() => server.stop());

async function studies(query: string): Promise<string[]> {
  const answer = await api.get(`/studies?${query}`);
  return (answer.json ?? []).map((each: Record<string, { Value: string[] }>) => each['0020000D']?.Value[0]).toSorted();
}

describe('Search: wildcards', () => {
  it.each([
    ['PatientName=do*', ['1.1', '1.2']],
    ['PatientName=?oe%5E*', ['1.1', '1.3']],
    ['PatientName=*jane', ['1.2', '1.3']],
    ['PatientName=do?', []],
    ['AccessionNumber=a-?00', ['1.1', '1.2']],
    ['AccessionNumber=B[*', ['1.3']],
    ['AccessionNumber=[AB]*', []],
    ['PatientName=*', ['1.1', '1.2', '1.3', '1.4']],
    ['PatientName=do*&AccessionNumber=*2*', ['1.2']],
  ])('%s', async (query, expected) => {
    expect(await studies(query)).toEqual(expected);
  });

  it('are at most eight: 400', async () => {
    expect((await api.get(`/studies?PatientName=${'a*'.repeat(9)}`)).status).toBe(400);
  });

  it('are none in dates: 400', async () => {
    expect((await api.get('/studies?StudyDate=2020*')).status).toBe(400);
  });
});

describe('Search: lists of UIDs', () => {
  it.each([
    ['StudyInstanceUID=1.1,1.3', ['1.1', '1.3']],
    ['StudyInstanceUID=1.1%5C1.2', ['1.1', '1.2']],
    ['StudyInstanceUID=1.9,1.2', ['1.2']],
    ['0020000D=1.2', ['1.2']],
  ])('%s', async (query, expected) => {
    expect(await studies(query)).toEqual(expected);
  });

  it('of several levels, in a study too', async () => {
    const found = await api.get('/studies/1.1/instances?SOPInstanceUID=1.1.1.1,1.2.1.1');
    expect(found.json).toHaveLength(1);
    expect((await api.get('/instances?StudyInstanceUID=1.1,1.2&SeriesInstanceUID=1.2.1,1.3.1')).json).toHaveLength(1);
  });

  it('with an empty entry: 400', async () => {
    expect((await api.get('/studies?StudyInstanceUID=1.1,')).status).toBe(400);
  });
});
