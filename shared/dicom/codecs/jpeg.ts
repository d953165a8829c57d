/** JPEG with 8 bits a sample, by libjpeg-turbo. Source: DICOM PS3.5, 8.2.1. */
import { CodecError } from './codec-error.ts';
import { checkedHeader } from './frame-header.ts';
import type { ImageFormat } from './image-format.ts';
import { type Coder, type FrameInfo, WasmCodec } from './wasm-codec.ts';

interface Decoder extends Coder {
  decode(): void;
  getFrameInfo(): FrameInfo;
}

interface Encoder extends Coder {
  encode(): void;
  setQuality(quality: number): void;
}

const codec = new WasmCodec<{ JPEGDecoder: new () => Decoder; JPEGEncoder: new () => Encoder }>(
  () => import('@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs'),
  import.meta.resolve('@cornerstonejs/codec-libjpeg-turbo-8bit/wasm'),
);

/** Three components become RGB. */
export async function decodeJpeg(frame: Uint8Array, format: ImageFormat): Promise<Uint8Array> {
  const { precision, samples, saysColors } = checkedHeader(frame, format);
  if (precision !== 8) throw new CodecError(`JPEG with ${precision} bits is not decoded.`);
  const isPlainRgb = samples === 3 && format.photometric === 'RGB' && !saysColors;
  const encoded = isPlainRgb ? withoutTransform(frame) : frame;
  return codec.use(
    ({ JPEGDecoder }) => new JPEGDecoder(),
    (decoder) => {
      decoder.getEncodedBuffer(encoded.length).set(encoded);
      decoder.decode();
      return Uint8Array.from(decoder.getDecodedBuffer());
    },
  );
}

export interface JpegPicture {
  readonly width: number;
  readonly height: number;
  /** 1 or 3 bytes a pixel. */
  readonly samples: number;
  readonly pixels: Uint8Array;
}

/** libjpeg-turbo, as it is built, has room for no more bytes than the pixels have: small pictures and noise need more. */
export async function encodeJpeg(picture: JpegPicture, quality: number): Promise<Uint8Array> {
  try {
    return await encodeFast(picture, quality);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const { default: jpegJs } = await import('jpeg-js');
    const { width, height } = picture;
    return Uint8Array.from(jpegJs.encode({ width, height, data: withAlpha(picture) }, quality).data);
  }
}

function encodeFast({ width, height, samples, pixels }: JpegPicture, quality: number): Promise<Uint8Array> {
  return codec.use(
    ({ JPEGEncoder }) => new JPEGEncoder(),
    (encoder) => {
      const info = { width, height, bitsPerSample: 8, componentCount: samples, isSigned: false };
      encoder.getDecodedBuffer({ ...info, isUsingColorTransform: samples === 3 }).set(pixels);
      encoder.setQuality(quality);
      encoder.encode();
      const encoded = encoder.getEncodedBuffer();
      // More than there is room for was written over other memory.
      if (encoded.length >= pixels.length) throw new CodecError('The JPEG frame is longer than its pixels.');
      return Uint8Array.from(encoded);
    },
  );
}

/** Red, green, blue and one byte more. */
function withAlpha({ width, height, samples, pixels }: JpegPicture): Uint8Array {
  const all = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; to < all.length; from += samples, to += 4) {
    const first = pixels[from] ?? 0;
    all[to] = first;
    all[to + 1] = samples === 3 ? (pixels[from + 1] ?? 0) : first;
    all[to + 2] = samples === 3 ? (pixels[from + 2] ?? 0) : first;
    all[to + 3] = 255;
  }
  return all;
}

/** Adobe's marker with transform 0. Without any, the decoder takes three components for YCbCr; the data set knows better. */
const adobeMarker = Buffer.from([0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0]);

function withoutTransform(frame: Uint8Array): Uint8Array {
  return Buffer.concat([frame.subarray(0, 2), adobeMarker, frame.subarray(2)]);
}
