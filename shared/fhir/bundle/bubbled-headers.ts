/** Headers of entries that AHDS shows on the answer to the whole bundle: deleted items as their sum, the longest wait. */
export class BubbledHeaders {
  #deleted: number | undefined;
  #wait: number | undefined;

  note(headers: Readonly<Record<string, string>> = {}): void {
    const { 'Items-Deleted': deleted, 'Retry-After': wait } = headers;
    if (deleted !== undefined) this.#deleted = (this.#deleted ?? 0) + Number(deleted);
    if (wait !== undefined) this.#wait = Math.max(this.#wait ?? 0, Number(wait));
  }

  get headers(): Readonly<Record<string, string>> {
    return {
      ...(this.#deleted !== undefined && { 'Items-Deleted': String(this.#deleted) }),
      ...(this.#wait !== undefined && { 'Retry-After': String(this.#wait) }),
    };
  }
}
