/**
 * WADO-RS rendered: a frame as JPEG or PNG. Source: DICOM PS3.18, 8.3.5 and 10.4.1.1.5; AHDS for Accept, `quality`, limits.
 * AHDS differs: it knows neither `window` nor `viewport`, and has no thumbnails.
 */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall, DicomHandler } from '../call.ts';
import { DicomError } from '../errors.ts';
import { readRendering } from '../render/read-rendering.ts';
import type { Rendering } from '../render/rendering.ts';
import { frameConverter, openToConvert, orNotAcceptable } from './convert-frames.ts';
import { qualityIn, viewportIn, windowIn } from './rendered-query.ts';
import { instanceOf, notFound } from './scope.ts';

type PictureType = Rendering['type'];

export const retrieveRendered: DicomHandler = async (call) => {
  const type = renderedType(call.headers.get('accept'));
  const quality = qualityIn(call.url.searchParams);
  const viewport = viewportIn(call.url.searchParams);
  return rendered(call, { type, quality, viewport });
};

const thumbnailSize = 128;

export const retrieveThumbnail: DicomHandler = async (call) => {
  const type = thumbnailType(call.headers.get('accept'));
  const size = viewportIn(call.url.searchParams) ?? { width: thumbnailSize, height: thumbnailSize };
  return rendered(call, { type, quality: 85, viewport: { ...size, part: undefined } });
};

function rendered(call: DicomCall, asked: Pick<Rendering, 'type' | 'quality' | 'viewport'>): Promise<Answer> {
  const window = windowIn(call.url.searchParams);
  const number = frameNumber(call.params.frame);
  return orNotAcceptable(async () => {
    const instance = await instanceOf(call);
    call.audit.resourceId = instance.key.instance;
    const file = await openToConvert(call, instance);
    if (!file.pixelData || (file.frames && number > file.frames.count)) throw notFound();
    const own = await readRendering(file);
    const rendering: Rendering = { ...own, ...asked, ...(window && { values: window }) };
    const convert = frameConverter(call, file, { kind: 'picture', rendering });
    const { bytes } = await convert(number - 1);
    return { status: 200, headers: { 'Content-Type': asked.type }, body: bytes };
  });
}

/** Of an instance it is the first. */
function frameNumber(text: string | undefined): number {
  const number = text === undefined ? 1 : /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new DicomError('invalid', 'A frame is a number from 1 on.');
  return number;
}

/** AHDS: one type, JPEG where there is no Accept; anything else, any type as well, is 406. */
function renderedType(accept: string | null): PictureType {
  const type = accept === null ? 'image/jpeg' : mediaType(accept);
  if (type === 'image/jpeg' || type === 'image/png') return type;
  throw new DicomError('not-acceptable', 'Accept must be image/jpeg or image/png.');
}

function thumbnailType(accept: string | null): PictureType {
  const types = (accept ?? '*/*').split(',').map(mediaType);
  if (types.some((type) => ['image/jpeg', 'image/*', '*/*'].includes(type))) return 'image/jpeg';
  if (types.includes('image/png')) return 'image/png';
  throw new DicomError('not-acceptable', 'Accept must take image/jpeg or image/png.');
}

function mediaType(entry: string): string {
  if (entry.includes(',')) return '';
  return (entry.split(';')[0] ?? '').trim().toLowerCase();
}
