/** A decoded frame as JPEG or PNG: the work of a codec thread. */
import { CodecError } from '../codecs/codec-error.ts';
import type { DecodedFrame } from '../codecs/convert-frame.ts';
import { encodeJpeg } from '../codecs/jpeg.ts';
import { colorPixels, palettePixels } from './colors.ts';
import { encodePng } from './png.ts';
import type { Rendering } from './rendering.ts';
import { type Picture, scaled } from './scale.ts';
import { greyPixels } from './shades.ts';

export async function renderFrame(frame: DecodedFrame, rendering: Rendering): Promise<Uint8Array> {
  const whole = pictureOf(frame, rendering);
  const picture = rendering.viewport ? scaled(whole, rendering.viewport) : whole;
  if (rendering.type === 'image/png') return encodePng(picture);
  return encodeJpeg(picture, rendering.quality);
}

function pictureOf(frame: DecodedFrame, rendering: Rendering): Picture {
  const { rows: height, columns: width, samples, photometric } = frame.format;
  if (samples > 1) return { width, height, samples: 3, pixels: colorPixels(frame) };
  if (photometric === 'PALETTE COLOR') {
    if (!rendering.palette) throw new CodecError('The image has no palette that can be read.');
    return { width, height, samples: 3, pixels: palettePixels(frame, rendering.palette) };
  }
  return { width, height, samples: 1, pixels: greyPixels(frame, rendering) };
}
