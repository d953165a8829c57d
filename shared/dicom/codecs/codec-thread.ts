/** A thread that decodes, encodes and renders frames. What a codec does to itself ends with the thread at worst. */
import { parentPort } from 'node:worker_threads';
import type { Rendering } from '../render/rendering.ts';
import { CodecError } from './codec-error.ts';
import { decodeFrame, encodeFrame } from './convert-frame.ts';
import type { ImageFormat } from './image-format.ts';

export interface FrameJob {
  readonly frame: Uint8Array;
  /** Undefined for a native frame in little endian. */
  readonly syntax: string | undefined;
  readonly format: ImageFormat;
  readonly target: Target;
}

export type Target =
  /** Native pixels, little endian. */
  | { readonly kind: 'native' }
  | { readonly kind: 'encoded'; readonly syntax: string }
  | { readonly kind: 'picture'; readonly rendering: Rendering };

export interface FrameResult {
  readonly bytes: Uint8Array;
  readonly photometric: string;
}

/** `undefined` as failure: a fault of the program, not of the frame. */
export type ThreadAnswer = FrameResult | { readonly failure: string | undefined } | 'ready';

async function convert({ frame, syntax, format, target }: FrameJob): Promise<FrameResult> {
  const decoded = await decodeFrame(frame, syntax, format);
  if (target.kind === 'encoded') return encodeFrame(decoded, target.syntax);
  const { photometric } = decoded.format;
  if (target.kind === 'native') return { bytes: decoded.pixels, photometric };
  const { renderFrame } = await import('../render/render-frame.ts');
  return { bytes: await renderFrame(decoded, target.rendering), photometric };
}

const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');
const answer = (message: ThreadAnswer) => port.postMessage(message);
port.on('message', async (job: FrameJob) => {
  try {
    answer(await convert(job));
  } catch (error) {
    answer({ failure: error instanceof CodecError ? error.message : undefined });
  }
});
answer('ready');
