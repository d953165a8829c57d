/** For tests: query trees in few words. */
import type { Condition } from '../../../stores/resources/query.ts';

export const ms = (text: string) => Date.parse(text);
export const value = (param: string, test: object) => ({ kind: 'value', param, test }) as Condition;
export const every = (...bounds: [end: string, is: string, value: number][]) => ({
  join: 'every',
  bounds: bounds.map(([end, is, value]) => ({ end, is, value })),
});
export const some = (...bounds: [end: string, is: string, value: number][]) => ({ ...every(...bounds), join: 'some' });
export const not = (of: Condition): Condition => ({ kind: 'not', of });
export const or = (...of: Condition[]): Condition => ({ kind: 'or', of });
export const and = (...of: Condition[]): Condition => ({ kind: 'and', of });

export const starts = (param: string, folded: string) => value(param, { kind: 'string', match: 'starts', folded });
export const token = (param: string, test: object) => value(param, { kind: 'token', ...test });
export const date = (param: string, range: object) => value(param, { kind: 'date', range });
export const reference = (param: string, test: object) => value(param, { kind: 'reference', ...test });
