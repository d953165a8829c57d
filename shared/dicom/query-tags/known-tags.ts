/** The query tags as this process last saw them. What is stored by old ones is refused by the index, and made anew. */
import type { ImagingIndex } from '../../stores/imaging/imaging-index.ts';
import type { QueryTags } from '../../stores/imaging/query-tags.ts';

/** Another process may have changed them. */
const freshMs = 5000;

export class KnownTags {
  readonly #index: ImagingIndex;
  #known: { readonly tags: QueryTags; readonly at: number } | undefined;

  constructor(index: ImagingIndex) {
    this.#index = index;
  }

  async current(): Promise<QueryTags> {
    if (this.#known && performance.now() - this.#known.at < freshMs) return this.#known.tags;
    return this.refresh();
  }

  async refresh(): Promise<QueryTags> {
    const at = performance.now();
    const tags = await this.#index.queryTags();
    this.#known = { tags, at };
    return tags;
  }
}
