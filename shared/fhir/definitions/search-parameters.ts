/** Search parameters as the generated file has them, and by resource type with those that every type shares. */
import type { Definitions, SearchParameter, SearchParameterType } from './definitions.ts';
import { readGenerated } from './generated-lines.ts';
import { remember } from './remember.ts';

export interface CompactSearchParameter {
  readonly url: string;
  readonly type: SearchParameterType;
  readonly expression?: string;
  /** Left out where a reference may point at any type. */
  readonly targets?: readonly string[];
  readonly components?: SearchParameter['components'];
}

const sharedBases = ['DomainResource', 'Resource'];

export function readSearchParameters(
  resourceTypes: readonly string[],
): Pick<Definitions, 'searchParameters' | 'sharedSearchParameters'> {
  const lines = readGenerated<CompactSearchParameter>('search-parameters.ndjson');
  const byBase = Map.groupBy(lines.keys, (key) => key.slice(0, key.indexOf('.')));
  const parametersOf = (base: string): SearchParameter[] =>
    (byBase.get(base) ?? []).map((key) => {
      const compact = lines.get(key) as CompactSearchParameter;
      const any = compact.type === 'reference' ? resourceTypes : [];
      return { expression: '', targets: any, components: [], ...compact, base, code: key.slice(base.length + 1) };
    });
  const byCode = (parameters: SearchParameter[]): Map<string, SearchParameter> =>
    new Map(parameters.map((parameter) => [parameter.code, parameter]));
  const shared = sharedBases.flatMap(parametersOf);
  const ofType = remember((type) =>
    resourceTypes.includes(type) ? byCode([...shared, ...parametersOf(type)]) : undefined,
  );
  const none: ReadonlyMap<string, SearchParameter> = new Map();
  return { searchParameters: (type) => ofType(type) ?? none, sharedSearchParameters: byCode(shared) };
}
