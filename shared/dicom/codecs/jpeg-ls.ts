/** JPEG-LS, by CharLS. */
import { checkedHeader } from './frame-header.ts';
import type { ImageFormat } from './image-format.ts';
import { interleaved, sampleBytes, samplesOf } from './samples.ts';
import { type Coder, WasmCodec } from './wasm-codec.ts';

interface Decoder extends Coder {
  decode(): void;
  getInterleaveMode(): number;
}

interface Encoder extends Coder {
  encode(): void;
  setNearLossless(near: number): void;
  setInterleaveMode(mode: number): void;
}

const codec = new WasmCodec<{ JpegLSDecoder: new () => Decoder; JpegLSEncoder: new () => Encoder }>(
  () => import('@cornerstonejs/codec-charls/wasmjs'),
  import.meta.resolve('@cornerstonejs/codec-charls/wasm'),
);

export async function decodeJpegLs(frame: Uint8Array, format: ImageFormat): Promise<Uint8Array> {
  const { precision } = checkedHeader(frame, format);
  return codec.use(
    ({ JpegLSDecoder }) => new JpegLSDecoder(),
    (decoder) => {
      decoder.getEncodedBuffer(frame.length).set(frame);
      decoder.decode();
      const bytes = Uint8Array.from(decoder.getDecodedBuffer());
      const samples = samplesOf(bytes, precision > 8 ? 16 : 8);
      const inPlanes = decoder.getInterleaveMode() === 0 && format.samples > 1;
      return sampleBytes(
        inPlanes ? interleaved(samples, format.samples) : samples,
        { precision, signed: false },
        format,
      );
    },
  );
}

/** Without loss; samples of several are written line by line. */
export async function encodeJpegLs(pixels: Uint8Array, format: ImageFormat, precision: number): Promise<Uint8Array> {
  return codec.use(
    ({ JpegLSEncoder }) => new JpegLSEncoder(),
    (encoder) => {
      const { columns: width, rows: height, samples: componentCount } = format;
      const info = { width, height, bitsPerSample: precision, componentCount, isSigned: false };
      encoder
        .getDecodedBuffer({ ...info, isUsingColorTransform: false })
        .set(format.signed ? withoutSign(pixels, format, precision) : pixels);
      encoder.setNearLossless(0);
      encoder.setInterleaveMode(componentCount === 1 ? 0 : 2);
      encoder.encode();
      return Uint8Array.from(encoder.getEncodedBuffer());
    },
  );
}

/** JPEG-LS knows no signs: the bits above the stored ones, which repeat the sign, must be 0. */
function withoutSign(pixels: Uint8Array, { bitsAllocated }: ImageFormat, precision: number): Uint8Array {
  const mask = 2 ** precision - 1;
  const samples = samplesOf(pixels, bitsAllocated).map((sample) => sample & mask);
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
