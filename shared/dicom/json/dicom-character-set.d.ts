/** The package has no types of its own. */
declare module 'dicom-character-set' {
  export function convertBytes(
    specificCharacterSet: string | undefined,
    bytes: Uint8Array,
    options?: { readonly vr?: string },
  ): string;
}
