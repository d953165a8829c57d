/** A part of a picture in another size. Source: DICOM PS3.18, 8.3.5.1.3 (viewport). */
import type { Viewport } from './rendering.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 or 3 bytes a pixel. */
  readonly samples: number;
  readonly pixels: Uint8Array;
}

export function scaled(picture: Picture, viewport: Viewport): Picture {
  const part = viewport.part ?? { x: 0, y: 0, width: picture.width, height: picture.height };
  const ratio = Math.min(viewport.width / Math.abs(part.width), viewport.height / Math.abs(part.height));
  const width = Math.max(1, Math.round(Math.abs(part.width) * ratio));
  const height = Math.max(1, Math.round(Math.abs(part.height) * ratio));
  const across = spans(width, part.x, part.width, picture.width);
  const down = spans(height, part.y, part.height, picture.height);
  const { samples } = picture;
  const pixels = new Uint8Array(width * height * samples);
  let to = 0;
  for (const rows of down) {
    for (const columns of across) {
      for (let sample = 0; sample < samples; sample += 1) {
        pixels[to] = mean(picture, rows, columns, sample);
        to += 1;
      }
    }
  }
  return { width, height, samples, pixels };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The source pixels of each pixel: at least one, the nearest. */
function spans(count: number, start: number, length: number, limit: number): Span[] {
  const step = Math.abs(length) / count;
  const all = Array.from({ length: count }, (_, at) => {
    const from = Math.min(limit - 1, Math.max(0, Math.floor(start + at * step)));
    return { from, to: Math.min(limit, Math.max(from + 1, Math.round(start + (at + 1) * step))) };
  });
  return length < 0 ? all.reverse() : all;
}

function mean({ pixels, width, samples }: Picture, rows: Span, columns: Span, sample: number): number {
  let sum = 0;
  for (let y = rows.from; y < rows.to; y += 1) {
    for (let x = columns.from; x < columns.to; x += 1) sum += pixels[(y * width + x) * samples + sample] ?? 0;
  }
  return Math.round(sum / ((rows.to - rows.from) * (columns.to - columns.from)));
}
