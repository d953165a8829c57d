/** A data set as it was read: elements by tag, values as bytes. Source: DICOM PS3.5, 7.1. */

/** Group and element as one number: (0010,0020) is 0x00100020. */
export type Tag = number;

/** A value that was passed over: where its bytes are, counted from the start of what was read. */
export interface BulkValue {
  readonly offset: number;
  readonly length: number;
  /** It is items, with a delimitation item behind them that is not part of it. */
  readonly encapsulated?: true;
}

export interface DataElement {
  readonly tag: Tag;
  /** Two letters; `UN` where neither the file nor the dictionary tells it. */
  readonly vr: string;
  /** Absent for a sequence and for a value that was passed over. */
  readonly value?: Uint8Array;
  /** Of a sequence. */
  readonly items?: readonly DataSet[];
  readonly bulk?: BulkValue;
}

export interface DataSet {
  readonly littleEndian: boolean;
  readonly elements: ReadonlyMap<Tag, DataElement>;
}

/** `00100020`, as DICOM JSON writes a tag. */
export function tagText(tag: Tag): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}

/** `(0010,0020)`, as messages write it. */
export function tagName(tag: Tag): string {
  const text = tagText(tag).toLowerCase();
  return `(${text.slice(0, 4)},${text.slice(4)})`;
}
