/** Metadata as XML, beyond AHDS: who gets it, and in which form. DICOM PS3.18, 8.7.3 and 10.4.1.1.2. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests, partsOf } from './dicom-requests.ts';
import { fromNativeDicomModel } from './from-native-dicom-model.ts';
import { instanceFile } from './instance-file.ts';

const xml = 'multipart/related; type="application/dicom+xml"';
const study = '1.2.77';

describe('Metadata as XML', () => {
  let server: LocalServer;
  let v2: DicomRequests;
  beforeAll(async () => {
    server = await startLocalServer();
    v2 = dicomRequests(`${server.url}/dicom/v2`);
    // More than are read from the index at a time.
    const files = Array.from({ length: 120 }, (_, at) =>
      instanceFile({ study, series: `${study}.${at % 2}`, instance: `${study}.9.${at}` }, [
        text(attributes.patientName, 'PN', 'Doe^Jane'),
      ]),
    );
    expect((await v2.store(files)).status).toBe(200);
  });
  afterAll(() => server.stop());

  it.each([
    ['study', `/studies/${study}`, 120],
    ['series', `/studies/${study}/series/${study}.1`, 60],
    ['instance', `/studies/${study}/series/${study}.1/instances/${study}.9.7`, 1],
  ])('of a %s: a part for each instance, in the order and with the content of JSON', async (_, address, count) => {
    const answer = await v2.get(`${address}/metadata`, xml);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(
      /^multipart\/related; type="application\/dicom\+xml"; boundary=/,
    );
    const parts = partsOf(answer);
    expect(new Set(parts.map(({ contentType }) => contentType))).toEqual(new Set(['application/dicom+xml']));
    const { json } = await v2.get(`${address}/metadata`);
    expect(json).toHaveLength(count);
    expect(parts.map(({ content }) => fromNativeDicomModel(content.toString()))).toEqual(json);
  });

  it.each([
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['application/dicom+json', 'json'],
    [`application/dicom+json, ${xml}`, 'json'],
    [`${xml}, application/dicom+json`, 'xml'],
    [`${xml}; q=0.5, application/dicom+json`, 'json'],
    [`application/dicom+json; q=0.5, ${xml}`, 'xml'],
    [`text/html, ${xml}`, 'xml'],
    ['multipart/related; type=application/dicom+xml', 'xml'],
  ])('Accept %j: %s', async (accept, form) => {
    const { status, headers } = await v2.get(`/studies/${study}/metadata`, accept);
    const expected =
      form === 'xml' ? /^multipart\/related; type="application\/dicom\+xml"/ : /^application\/dicom\+json/;
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(expected)]);
  });

  // AHDS: 406 to XML that is not in multipart/related, as to all XML.
  it.each(['application/dicom+xml', 'application/xml', 'multipart/related', 'multipart/related; type="text/xml"', ''])(
    'Accept %j: 406',
    async (accept) => {
      expect((await v2.get(`/studies/${study}/metadata`, accept)).status).toBe(406);
    },
  );

  it('XML has an ETag of its own, for 304', async () => {
    const ask = (accept: string, tag = '') =>
      v2.send('GET', `/studies/${study}/metadata`, { headers: { Accept: accept, 'If-None-Match': tag } });
    const tag = (await ask(xml)).headers.get('etag') ?? '';
    expect((await ask(xml, tag)).status).toBe(304);
    expect((await ask('*/*', tag)).status).toBe(200);
    expect((await ask(xml, (await ask('*/*')).headers.get('etag') ?? '')).status).toBe(200);
  });
});
