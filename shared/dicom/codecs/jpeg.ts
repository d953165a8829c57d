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

/** Pixels of one or three bytes. */
export async function encodeJpeg(
  pixels: Uint8Array,
  { width, height, samples, quality }: { width: number; height: number; samples: number; quality: number },
): Promise<Uint8Array> {
  return codec.use(
    ({ JPEGEncoder }) => new JPEGEncoder(),
    (encoder) => {
      const info = { width, height, bitsPerSample: 8, componentCount: samples, isSigned: false };
      encoder.getDecodedBuffer({ ...info, isUsingColorTransform: samples === 3 }).set(pixels);
      encoder.setQuality(quality);
      encoder.encode();
      return Uint8Array.from(encoder.getEncodedBuffer());
    },
  );
}

/** Adobe's marker with transform 0. Without any, the decoder takes three components for YCbCr; the data set knows better. */
const adobeMarker = Buffer.from([0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0]);

function withoutTransform(frame: Uint8Array): Uint8Array {
  return Buffer.concat([frame.subarray(0, 2), adobeMarker, frame.subarray(2)]);
}
