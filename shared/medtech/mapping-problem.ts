/** What is wrong with a mapping file, and where. Lines and columns count from 1. */
export interface MappingProblem {
  readonly message: string;
  readonly level: 'error' | 'warning';
  readonly line?: number;
  readonly column?: number;
}
