/** For tests: frames decoded by `dcmjs-codecs`, a build of other libraries than the service has. */
import { createRequire } from 'node:module';
import type { ImageFormat } from '../../shared/dicom/codecs/image-format.ts';

interface Context {
  getDecodedBuffer(): Uint8Array;
}
type Decode = (context: Context, parameters?: object) => Context;

interface Codecs {
  readonly Context: new (attributes: object) => Context;
  readonly NativeCodecs: { initializeAsync(): Promise<void> } & Readonly<Record<string, Decode>>;
}

const { Context, NativeCodecs } = createRequire(import.meta.url)('dcmjs-codecs') as Codecs;

export async function otherCodec(syntax: string, frame: Buffer, format: ImageFormat): Promise<Buffer> {
  await NativeCodecs.initializeAsync();
  const context = new Context({
    width: format.columns,
    height: format.rows,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    samplesPerPixel: format.samples,
    pixelRepresentation: format.signed ? 1 : 0,
    planarConfiguration: format.planar ? 1 : 0,
    photometricInterpretation: format.photometric,
    encodedBuffer: new Uint8Array(frame),
  });
  const decoded = NativeCodecs[decoderOf(syntax.slice('1.2.840.10008.1.2.4.'.length))]?.(context, {
    convertColorspaceToRgb: format.samples === 3,
  });
  if (!decoded) throw new Error(`There is no other codec for ${syntax}.`);
  return Buffer.from(decoded.getDecodedBuffer());
}

function decoderOf(number: string): string {
  if (number === '') return 'decodeRle';
  if (number.startsWith('20')) return 'decodeHtJpeg2000';
  if (number.startsWith('9')) return 'decodeJpeg2000';
  return number.startsWith('8') ? 'decodeJpegLs' : 'decodeJpeg';
}
