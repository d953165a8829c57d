/** JPEG 2000 by OpenJPEG, and its high-throughput kind by OpenJPH. Source: ISO/IEC 15444-1 and 15444-15. */
import { CodecError } from './codec-error.ts';
import { checkedHeader } from './frame-header.ts';
import type { ImageFormat } from './image-format.ts';
import { sampleBytes, samplesOf } from './samples.ts';
import { type Coder, type FrameInfo, WasmCodec } from './wasm-codec.ts';

interface Decoder extends Coder {
  decode(): void;
  getFrameInfo(): FrameInfo;
}

interface Encoder extends Coder {
  encode(): void;
  setDecompositions(levels: number): void;
  setQuality(lossless: boolean, quantization: number): void;
}

type Class<C> = new () => C;

const openJpeg = new WasmCodec<{ J2KDecoder: Class<Decoder>; J2KEncoder: Class<Encoder> }>(
  () => import('@cornerstonejs/codec-openjpeg/wasmjs'),
  import.meta.resolve('@cornerstonejs/codec-openjpeg/wasm'),
);
const openJph = new WasmCodec<{ HTJ2KDecoder: Class<Decoder>; HTJ2KEncoder: Class<Encoder> }>(
  () => import('@cornerstonejs/codec-openjph/wasmjs'),
  import.meta.resolve('@cornerstonejs/codec-openjph/wasm'),
);

export async function decodeJpeg2000(frame: Uint8Array, format: ImageFormat): Promise<Uint8Array> {
  checkedHeader(frame, format);
  return openJpeg.use(
    ({ J2KDecoder }) => new J2KDecoder(),
    (decoder) => decodeWith(decoder, frame, format),
  );
}

export async function decodeHighThroughput(frame: Uint8Array, format: ImageFormat): Promise<Uint8Array> {
  checkedHeader(frame, format);
  return openJph.use(
    ({ HTJ2KDecoder }) => new HTJ2KDecoder(),
    (decoder) => decodeWith(decoder, frame, format),
  );
}

function decodeWith(decoder: Decoder, frame: Uint8Array, format: ImageFormat): Uint8Array {
  decoder.getEncodedBuffer(frame.length).set(frame);
  decoder.decode();
  const { bitsPerSample: precision, isSigned: signed } = decoder.getFrameInfo();
  if (precision > 16) throw new CodecError(`JPEG 2000 with ${precision} bits is not decoded.`);
  const samples = samplesOf(Uint8Array.from(decoder.getDecodedBuffer()), precision > 8 ? 16 : 8);
  return sampleBytes(samples, { precision, signed }, format);
}

/** Without loss. Three samples get the colour transform, so they have to be RGB. */
export async function encodeJpeg2000(pixels: Uint8Array, format: ImageFormat, precision: number): Promise<Uint8Array> {
  return openJpeg.use(
    ({ J2KEncoder }) => new J2KEncoder(),
    (encoder) => encodeWith(encoder, pixels, format, precision),
  );
}

export async function encodeHighThroughput(
  pixels: Uint8Array,
  format: ImageFormat,
  precision: number,
): Promise<Uint8Array> {
  return openJph.use(
    ({ HTJ2KEncoder }) => new HTJ2KEncoder(),
    (encoder) => encodeWith(encoder, pixels, format, precision),
  );
}

function encodeWith(encoder: Encoder, pixels: Uint8Array, format: ImageFormat, precision: number): Uint8Array {
  const { columns: width, rows: height, samples: componentCount, signed: isSigned } = format;
  const info = { width, height, bitsPerSample: precision, componentCount, isSigned };
  encoder.getDecodedBuffer({ ...info, isUsingColorTransform: componentCount === 3 }).set(pixels);
  // Each level halves the picture, of which a pixel must be left.
  encoder.setDecompositions(Math.min(5, Math.floor(Math.log2(Math.min(width, height)))));
  encoder.setQuality(true, 0);
  encoder.encode();
  return Uint8Array.from(encoder.getEncodedBuffer());
}
