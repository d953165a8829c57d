/** Parameters of rendered requests. Source: DICOM PS3.18, 8.3.5.1. */
import { DicomError } from '../errors.ts';
import { type Viewport, type Window, windowFunctions } from '../render/rendering.ts';

/** AHDS: 1 to 100, 100 by default. */
export function qualityIn(query: URLSearchParams): number {
  const text = query.get('quality');
  if (text === null) return 100;
  const quality = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (quality < 1 || quality > 100) throw new DicomError('invalid', 'quality is a number from 1 to 100.');
  return quality;
}

/** `window=center,width,function`. */
export function windowIn(query: URLSearchParams): Window | undefined {
  const text = query.get('window');
  if (text === null) return undefined;
  const [center = '', width = '', name = 'linear', ...more] = text.split(',');
  const numbers = [center, width].map((one) => (one.trim() === '' ? Number.NaN : Number(one)));
  const [middle = Number.NaN, span = Number.NaN] = numbers;
  const found = windowFunctions.find((one) => one === name.toLowerCase());
  if (!numbers.every(Number.isFinite) || span <= 0 || !found || more.length > 0) {
    throw new DicomError('invalid', `window is center,width,function; functions are ${windowFunctions.join(', ')}.`);
  }
  return { kind: 'window', center: middle, width: span, function: found };
}

/** Pixels of a picture that is made larger or smaller. */
const mostPixels = 16_777_216;

/** `viewport=vw,vh` or `viewport=vw,vh,sx,sy,sw,sh`. */
export function viewportIn(query: URLSearchParams): Viewport | undefined {
  const text = query.get('viewport');
  if (text === null) return undefined;
  const numbers = text.split(',').map((one) => (/^-?\d{1,5}$/.test(one) ? Number(one) : Number.NaN));
  const [width = 0, height = 0, x = 0, y = 0, partWidth = 0, partHeight = 0] = numbers;
  const isWhole = numbers.length === 2;
  const isValid =
    numbers.every(Number.isFinite) && width > 0 && height > 0 && width * height <= mostPixels && x >= 0 && y >= 0;
  if (!isValid || !(isWhole || (numbers.length === 6 && partWidth !== 0 && partHeight !== 0))) {
    throw new DicomError('invalid', 'viewport is width,height or width,height,x,y,width,height.');
  }
  return { width, height, part: isWhole ? undefined : { x, y, width: partWidth, height: partHeight } };
}
