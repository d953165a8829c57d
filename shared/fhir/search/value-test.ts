/** One value of a search parameter, as a test of one index entry. */
import type { ValueTest } from '../../stores/resources/query.ts';
import { dateTest } from './date.ts';
import { numberTest } from './number.ts';
import { quantityTest } from './quantity.ts';
import { referenceTest } from './reference.ts';
import type { SearchContext } from './search-context.ts';
import { stringTest } from './string.ts';
import { tokenTest } from './token.ts';
import { uriTest } from './uri.ts';

/** `text` still has its escapes. Throws `invalid` (400) for a value that the type does not allow. */
export function valueTest(
  context: SearchContext,
  parameter: { readonly code: string; readonly type: string },
  text: string,
  modifier?: string,
): ValueTest {
  const { code, type } = parameter;
  switch (type) {
    case 'string':
      return stringTest(text, modifier, code);
    case 'token':
      return tokenTest(text, modifier, code);
    case 'date':
      return dateTest(context, text, code);
    case 'number':
      return numberTest(text, code);
    case 'quantity':
      return quantityTest(text, code);
    case 'uri':
      return uriTest(text, modifier);
    case 'reference':
      return referenceTest(context, text, modifier);
    default:
      throw new Error(`A parameter of type ${type} has no simple values.`);
  }
}
