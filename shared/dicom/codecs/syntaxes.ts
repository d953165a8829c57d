/** UIDs of transfer syntaxes that frames are converted between. Source: DICOM PS3.6, A. */
const base = '1.2.840.10008.1.2';

export const syntaxes = {
  implicitLittleEndian: base,
  explicitLittleEndian: `${base}.1`,
  jpegBaseline: `${base}.4.50`,
  jpegExtended: `${base}.4.51`,
  jpegLossless: `${base}.4.57`,
  jpegLosslessFirstOrder: `${base}.4.70`,
  jpegLsLossless: `${base}.4.80`,
  jpegLsNearLossless: `${base}.4.81`,
  jpeg2000Lossless: `${base}.4.90`,
  jpeg2000: `${base}.4.91`,
  htj2kLossless: `${base}.4.201`,
  htj2kLosslessRpcl: `${base}.4.202`,
  htj2k: `${base}.4.203`,
  deflatedFrame: `${base}.8.1`,
  rle: `${base}.5`,
} as const;

/** The compressed ones whose frames are decoded (`convert-frame.ts`). */
const decodedSyntaxes = [
  syntaxes.jpegBaseline,
  syntaxes.jpegExtended,
  syntaxes.jpegLossless,
  syntaxes.jpegLosslessFirstOrder,
  syntaxes.jpegLsLossless,
  syntaxes.jpegLsNearLossless,
  syntaxes.jpeg2000Lossless,
  syntaxes.jpeg2000,
  syntaxes.htj2kLossless,
  syntaxes.htj2kLosslessRpcl,
  syntaxes.htj2k,
  syntaxes.rle,
  syntaxes.deflatedFrame,
] as const;

export type DecodedSyntax = (typeof decodedSyntaxes)[number];

export function isDecoded(uid: string): uid is DecodedSyntax {
  return decodedSyntaxes.some((each) => each === uid);
}
