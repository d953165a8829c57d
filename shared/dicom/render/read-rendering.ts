/** What a data set says of how its pixels are shown. Source: DICOM PS3.3, C.11.1, C.11.2 and C.7.9. */
import { numberOf } from '../codecs/image-format.ts';
import { firstText, textsOf } from '../json/values.ts';
import type { DataElement, DataSet, Tag } from '../part10/data-set.ts';
import { type ReadRange, whole } from '../part10/frame-reader.ts';
import { swapped } from '../part10/swap-bytes.ts';
import { tags } from '../part10/tags.ts';
import { type Linear, type Palette, type Rendering, type Table, type Window, windowFunctions } from './rendering.ts';

const shown = {
  smallestPixel: 0x00280106,
  largestPixel: 0x00280107,
  windowCenter: 0x00281050,
  windowWidth: 0x00281051,
  rescaleIntercept: 0x00281052,
  rescaleSlope: 0x00281053,
  windowFunction: 0x00281056,
  redDescriptor: 0x00281101,
  redData: 0x00281201,
  modalityTable: 0x00283000,
  tableDescriptor: 0x00283002,
  tableData: 0x00283006,
  valuesTable: 0x00283010,
  presentationShape: 0x20500020,
} as const;

interface Source {
  readonly dataSet: DataSet;
  readonly read: ReadRange;
}

/** AHDS: the file's first window, else its smallest and largest pixel value, else those of the frame. */
export async function readRendering(file: Source): Promise<Omit<Rendering, 'type' | 'quality' | 'viewport'>> {
  const { dataSet } = file;
  const modality = (await tableIn(file, shown.modalityTable)) ?? rescaling(dataSet);
  return {
    modality,
    values: windowOf(dataSet) ?? (await tableIn(file, shown.valuesTable)) ?? range(dataSet, modality),
    inverted:
      firstText(dataSet, tags.photometricInterpretation) === 'MONOCHROME1' ||
      firstText(dataSet, shown.presentationShape) === 'INVERSE',
    palette: await paletteOf(file),
  };
}

function decimal(dataSet: DataSet, tag: Tag): number | undefined {
  const [text = ''] = textsOf(dataSet, tag);
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function rescaling(dataSet: DataSet): Linear | undefined {
  const slope = decimal(dataSet, shown.rescaleSlope);
  const intercept = decimal(dataSet, shown.rescaleIntercept);
  if (slope === undefined && intercept === undefined) return undefined;
  return { kind: 'linear', slope: slope ?? 1, intercept: intercept ?? 0 };
}

function windowOf(dataSet: DataSet): Window | undefined {
  const center = decimal(dataSet, shown.windowCenter);
  const width = decimal(dataSet, shown.windowWidth);
  if (center === undefined || width === undefined || width <= 0) return undefined;
  const name = firstText(dataSet, shown.windowFunction).toLowerCase().replace('_', '-');
  return { kind: 'window', center, width, function: windowFunctions.find((one) => one === name) ?? 'linear' };
}

function range(dataSet: DataSet, modality: Linear | Table | undefined): Window | undefined {
  const { elements } = dataSet;
  if (!elements.has(shown.smallestPixel) || !elements.has(shown.largestPixel)) return undefined;
  if (modality?.kind === 'table') return undefined;
  const isSigned = numberOf(dataSet, tags.pixelRepresentation) === 1;
  const measured = (tag: Tag) => {
    const number = numberOf(dataSet, tag);
    const stored = isSigned && number > 32767 ? number - 65536 : number;
    return stored * (modality?.slope ?? 1) + (modality?.intercept ?? 0);
  };
  const [one, other] = [measured(shown.smallestPixel), measured(shown.largestPixel)];
  const width = Math.abs(other - one);
  return width === 0 ? undefined : { kind: 'window', center: (one + other) / 2, width, function: 'linear-exact' };
}

async function tableIn({ dataSet, read }: Source, sequence: Tag): Promise<Table | undefined> {
  const [item] = dataSet.elements.get(sequence)?.items ?? [];
  if (!item) return undefined;
  const isSigned = numberOf(dataSet, tags.pixelRepresentation) === 1;
  return tableOf({ dataSet: item, read }, { descriptor: shown.tableDescriptor, data: shown.tableData, isSigned });
}

async function paletteOf(file: Source): Promise<Palette | undefined> {
  const isSigned = numberOf(file.dataSet, tags.pixelRepresentation) === 1;
  const colors = [0, 1, 2].map((color) => {
    return tableOf(file, { descriptor: shown.redDescriptor + color, data: shown.redData + color, isSigned });
  });
  const [red, green, blue] = await Promise.all(colors);
  return red && green && blue && { red, green, blue };
}

/** Descriptor: how many entries (0: 65,536), the value of the first, the bits of an entry. */
async function tableOf(
  { dataSet, read }: Source,
  { descriptor, data, isSigned }: { descriptor: Tag; data: Tag; isSigned: boolean },
): Promise<Table | undefined> {
  const [count = 0, first = 0, bits = 16] = words(
    dataSet,
    dataSet.elements.get(descriptor)?.value ?? new Uint8Array(0),
  );
  const element = dataSet.elements.get(data);
  if (!element) return undefined;
  const bytes = await bytesOf(element, read);
  const length = count || 65_536;
  const entries = bytes.length < length * 2 ? Uint16Array.from(bytes) : Uint16Array.from(words(dataSet, bytes));
  if (entries.length === 0) return undefined;
  const isNegative = isSigned && first > 32767;
  return { kind: 'table', first: isNegative ? first - 65_536 : first, entries: entries.subarray(0, length), bits };
}

async function bytesOf({ value, bulk }: DataElement, read: ReadRange): Promise<Uint8Array> {
  return value ?? (bulk ? whole(read(bulk)) : new Uint8Array(0));
}

function words({ littleEndian }: DataSet, bytes: Uint8Array): Uint16Array {
  const little = Uint8Array.from(littleEndian ? bytes : swapped(bytes, 2));
  return new Uint16Array(little.buffer, 0, Math.floor(little.length / 2));
}
