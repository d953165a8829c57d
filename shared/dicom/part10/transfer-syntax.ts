/** How a transfer syntax writes a data set. Source: DICOM PS3.5, annex A. */
export interface TransferSyntax {
  readonly uid: string;
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  /** Everything behind group 0002 is one raw deflate stream. */
  readonly deflated: boolean;
  /** Pixel data comes in items. */
  readonly encapsulated: boolean;
}

const explicitLittle = { explicitVr: true, littleEndian: true, deflated: false, encapsulated: false };

const native: readonly TransferSyntax[] = [
  { ...explicitLittle, uid: '1.2.840.10008.1.2', explicitVr: false },
  { ...explicitLittle, uid: '1.2.840.10008.1.2.1' },
  { ...explicitLittle, uid: '1.2.840.10008.1.2.1.99', deflated: true },
  { ...explicitLittle, uid: '1.2.840.10008.1.2.2', littleEndian: false },
];
const nativeByUid = new Map(native.map((syntax) => [syntax.uid, syntax]));

/** Every syntax that is not one of the native four writes explicit VR, little endian, and encapsulates. */
export function transferSyntax(uid: string): TransferSyntax {
  return nativeByUid.get(uid) ?? { ...explicitLittle, uid, encapsulated: true };
}
