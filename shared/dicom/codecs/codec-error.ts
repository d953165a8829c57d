/** A picture that cannot be decoded, encoded or shown. It says nothing about a patient. AHDS: 406. */
export class CodecError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CodecError';
  }
}
