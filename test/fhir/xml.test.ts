/** FHIR XML on the wire: bodies, answers, errors, and which format an answer has. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

const xml = 'application/fhir+xml';
const observation = `<?xml version="1.0" encoding="UTF-8"?>
<Observation xmlns="http://hl7.org/fhir">
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>5 &lt; 6</p></div></text>
  <status value="final"/>
  <code><text value="weight"/></code>
  <valueQuantity><value value="72.50"/><unit value="kg"/></valueQuantity>
</Observation>`;

async function send(method: string, path: string, headers: Record<string, string>, body?: string | Uint8Array) {
  const response = await fetch(`${server.url}/fhir${path}`, { method, headers, ...(body !== undefined && { body }) });
  const type = response.headers.get('content-type');
  return { status: response.status, type, headers: response.headers, text: await response.text() };
}

describe('XML in and out', () => {
  let path = '';

  it('a resource is created in XML and answered in the format that Accept names', async () => {
    const created = await send('POST', '/Observation', { 'Content-Type': xml, Accept: xml }, observation);
    expect([created.status, created.type]).toEqual([201, 'application/fhir+xml; charset=utf-8']);
    expect(created.text).toContain('<valueQuantity><value value="72.50"/><unit value="kg"/></valueQuantity>');
    path = `/Observation/${/<id value="([^"]+)"/.exec(created.text)?.[1]}`;
    expect(created.headers.get('location')).toBe(`${server.url}/fhir${path}/_history/1`);
  });

  it('it is read in XML and in JSON', async () => {
    const inXml = await send('GET', path, { Accept: 'text/xml' });
    expect([inXml.status, inXml.type]).toEqual([200, 'application/fhir+xml; charset=utf-8']);
    expect(inXml.text).toMatch(/^<\?xml [^>]*><Observation xmlns="http:\/\/hl7.org\/fhir"><id value=/);
    expect(inXml.text).toContain('<div xmlns="http://www.w3.org/1999/xhtml"><p>5 &lt; 6</p></div>');
    const inJson = await send('GET', path, {});
    expect(inJson.type).toBe('application/fhir+json; charset=utf-8');
    expect(inJson.text).toContain('"value":72.50');
  });

  it('what was read is updated in XML', async () => {
    const { text } = await send('GET', path, { Accept: xml });
    const changed = text.replace('72.50', '73.0');
    const updated = await send('PUT', path, { 'Content-Type': 'application/xml; charset=utf-8' }, changed);
    expect([updated.status, updated.headers.get('etag')]).toEqual([200, 'W/"2"']);
    expect(updated.text).toContain('"value":73.0');
  });

  it('_format wins over Accept, _pretty breaks lines', async () => {
    const { type, text } = await send('GET', `${path}?_format=xml&_pretty=true`, { Accept: 'application/json' });
    expect(type).toBe('application/fhir+xml; charset=utf-8');
    expect(text).toContain('\n  <status value="final"/>\n');
    expect((await send('GET', `${path}?_format=json`, { Accept: xml })).type).toMatch(/json/);
  });

  it('a search answers with a Bundle, in XML too', async () => {
    const { status, text } = await send('GET', '/Observation?status=final', { Accept: xml });
    expect(status).toBe(200);
    expect(text).toMatch(/^<\?xml [^>]*><Bundle xmlns="http:\/\/hl7.org\/fhir">/);
    expect(text).toContain(`<fullUrl value="${server.url}/fhir${path}"/><resource><Observation><id value=`);
    expect(text).toContain('<search><mode value="match"/></search>');
  });

  it('a resource as deep as a body may be is answered in a Bundle', async () => {
    const levels = 49;
    const json = `{"resourceType":"Basic","id":"deep","code":{"text":"a"}${',"extension":[{"url":"a"'.repeat(levels)},"valueInteger":1${'}]'.repeat(levels)}}`;
    expect((await send('PUT', '/Basic/deep', { 'Content-Type': 'application/json' }, json)).status).toBe(201);
    const { status, text } = await send('GET', '/Basic?_id=deep', { Accept: xml });
    expect([status, text.match(/<extension /g)?.length]).toEqual([200, levels]);
  });

  it('a transaction is taken and answered in XML', async () => {
    const entry = (id: string) =>
      `<entry><resource><Patient><id value="${id}"/></Patient></resource><request><method value="PUT"/><url value="Patient/${id}"/></request></entry>`;
    const bundle = `<Bundle xmlns="http://hl7.org/fhir"><type value="transaction"/>${entry('x1')}${entry('x2')}</Bundle>`;
    const { status, text } = await send('POST', '', { 'Content-Type': xml, Accept: xml }, bundle);
    expect(status).toBe(200);
    expect(text.match(/<status value="201/g)).toHaveLength(2);
  });

  it('metadata says so, and $versions', async () => {
    const { text } = await send('GET', '/metadata', { Accept: xml });
    expect(text).toContain('<format value="application/fhir+xml"/><format value="xml"/>');
    expect((await send('GET', '/$versions?_format=xml', {})).text).toContain('<version>4.0</version>');
  });

  it('HEAD has the headers of GET', async () => {
    const { status, type, text } = await send('HEAD', path, { Accept: xml });
    expect([status, type, text]).toEqual([200, 'application/fhir+xml; charset=utf-8', '']);
  });
});

describe('errors', () => {
  it.each([
    ['GET', '/Patient/none', 404, 'not-found'],
    ['GET', '/nothing/at/all/here', 404, 'not-found'],
    ['GET', '/Patient?birthdate=2023-02-30', 400, 'invalid'],
  ])('%s %s is answered in XML', async (method, path, status, code) => {
    const answer = await send(method, path, { Accept: xml });
    expect([answer.status, answer.type]).toEqual([status, 'application/fhir+xml; charset=utf-8']);
    expect(answer.text).toContain('<OperationOutcome xmlns="http://hl7.org/fhir">');
    expect(answer.text).toContain(`<issue><severity value="error"/><code value="${code}"/><diagnostics value="`);
  });

  it('a format that is not offered is 406 with an outcome in JSON', async () => {
    const { status, type } = await send('GET', '/Patient?_format=ttl', { Accept: xml });
    expect([status, type]).toEqual([406, 'application/fhir+json; charset=utf-8']);
  });

  it('a resource that breaks R4 names the element, whatever format it came in', async () => {
    const { status, text } = await send(
      'POST',
      '/Observation',
      { 'Content-Type': xml, Accept: xml },
      '<Observation xmlns="http://hl7.org/fhir"><code><text value="a"/></code></Observation>',
    );
    expect(status).toBe(400);
    expect(text).toContain('<expression value="Observation.status"/>');
  });

  const lol = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

  it.each<[string, string | Uint8Array]>([
    [
      'a billion laughs',
      `<!DOCTYPE p [<!ENTITY l0 "lol">${lol}]><Patient xmlns="http://hl7.org/fhir"><id value="&l10;"/></Patient>`,
    ],
    [
      'an external entity',
      '<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/hostname">]><Patient xmlns="http://hl7.org/fhir"/>',
    ],
    ['no end', '<Patient xmlns="http://hl7.org/fhir"><name>'],
    ['another namespace', '<Patient xmlns="http://example.org"/>'],
    ['10,000 levels', `<Patient xmlns="http://hl7.org/fhir">${'<extension url="a">'.repeat(10_000)}`],
    ['NUL', '<Patient xmlns="http://hl7.org/fhir"><id value="\0"/></Patient>'],
    ['bytes that are not UTF-8', new Uint8Array([0x3c, 0x50, 0xff, 0xfe])],
    ['an attribute twice', '<Patient xmlns="http://hl7.org/fhir"><active value="true" value="true"/></Patient>'],
    ['nothing', ''],
  ])('%s is 400 within a second', async (_name, body) => {
    const started = performance.now();
    const { status, text } = await send('POST', '/Patient', { 'Content-Type': xml }, body);
    expect([status, JSON.parse(text).issue[0].code]).toEqual([400, 'structure']);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
