/** Plain DICOMweb requests, for tests of what stands on the wire. */
export interface DicomAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it expects.
  readonly json: any;
}

export interface DicomRequests {
  send(
    method: string,
    path: string,
    options?: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
  ): Promise<DicomAnswer>;
  /** STOW of whole files in one multipart request. */
  store(files: readonly Uint8Array[], path?: string, method?: 'POST' | 'PUT'): Promise<DicomAnswer>;
  get(path: string, accept?: string): Promise<DicomAnswer>;
}

export const dicomJsonType = 'application/dicom+json';

/** `base` has the version in it: `http://127.0.0.1:7071/dicom/v2`. */
export function dicomRequests(base: string): DicomRequests {
  const send: DicomRequests['send'] = async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${base}${path}`, { method, headers, ...(body !== undefined && { body }) });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    const json = type.includes('json') && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
    return { status: response.status, headers: response.headers, bytes, json };
  };
  return {
    send,
    store: (files, path = '/studies', method = 'POST') =>
      send(method, path, {
        body: new Uint8Array(multipart(files)),
        headers: { Accept: dicomJsonType, 'Content-Type': 'multipart/related; type="application/dicom"; boundary=XX' },
      }),
    get: (path, accept = dicomJsonType) => send('GET', path, { headers: { Accept: accept } }),
  };
}

export function multipart(files: readonly Uint8Array[], partType = 'application/dicom'): Buffer {
  const head = Buffer.from(`--XX\r\nContent-Type: ${partType}\r\n\r\n`);
  const parts = files.flatMap((file) => [head, file, Buffer.from('\r\n')]);
  return Buffer.concat([...parts, Buffer.from('--XX--\r\n')]);
}

/** The parts of a multipart answer. */
export function partsOf({ headers, bytes }: DicomAnswer): { contentType: string; content: Buffer }[] {
  const boundary = /boundary=([^;]+)/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts: { contentType: string; content: Buffer }[] = [];
  const mark = Buffer.from(`--${boundary}\r\n`);
  for (let at = bytes.indexOf(mark); at >= 0; ) {
    const start = at + mark.length;
    const content = bytes.indexOf('\r\n\r\n', start) + 4;
    const end = bytes.indexOf(`\r\n--${boundary}`, content);
    const contentType = /content-type: (.*)/i.exec(bytes.toString('latin1', start, content))?.[1]?.trim() ?? '';
    parts.push({ contentType, content: bytes.subarray(content, end) });
    at = bytes.indexOf(mark, end);
  }
  return parts;
}
