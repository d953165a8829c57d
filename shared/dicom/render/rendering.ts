/** How a frame becomes a picture: plain data, which goes to a codec thread. Source: DICOM PS3.3, C.11.1 and C.11.2. */
export interface Rendering {
  readonly type: 'image/jpeg' | 'image/png';
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
  readonly viewport: Viewport | undefined;
  /** Of grey pixels: from stored values to what they measure. */
  readonly modality: Linear | Table | undefined;
  /** From measured values to what is shown; undefined: from the least to the greatest that there is. */
  readonly values: Window | Table | undefined;
  /** The least value is white. */
  readonly inverted: boolean;
  readonly palette: Palette | undefined;
}

export interface Linear {
  readonly kind: 'linear';
  readonly slope: number;
  readonly intercept: number;
}

export const windowFunctions = ['linear', 'linear-exact', 'sigmoid'] as const;

export interface Window {
  readonly kind: 'window';
  readonly center: number;
  readonly width: number;
  readonly function: (typeof windowFunctions)[number];
}

/** Values below the first get the first entry, those above the last the last. */
export interface Table {
  readonly kind: 'table';
  readonly first: number;
  readonly entries: Uint16Array;
  /** Of an entry. */
  readonly bits: number;
}

export interface Palette {
  readonly red: Table;
  readonly green: Table;
  readonly blue: Table;
}

/** The largest picture of the part that fits into width and height, without changing its shape. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Of the picture; a negative width or height turns it around. */
  readonly part:
    | { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
    | undefined;
}
