import type { Condition } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { splitEscaped } from './escape.ts';
import { parameterKey } from './parameter-key.ts';
import { badValue, type SearchContext } from './search-context.ts';
import { valueTest } from './value-test.ts';

/** FHIR R4 3.1.1.4.11: one value per component, joined by `$`, that stand together in one element. */
export function compositeCondition(context: SearchContext, parameter: SearchParameter, text: string): Condition {
  const values = splitEscaped(text, '$');
  const { components, code } = parameter;
  if (values.length !== components.length || values.includes('')) {
    throw badValue(code, `${components.length} values joined by '$'`);
  }
  const parts = components.map((component, index) => valueTest(context, component, values[index] ?? ''));
  return { kind: 'composite', param: parameterKey(parameter), parts };
}
