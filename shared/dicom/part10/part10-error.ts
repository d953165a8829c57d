/** A file that cannot be read as DICOM Part 10; the caller's to mend. Messages name tags and positions, never values. */
export class Part10Error extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Part10Error';
  }
}
