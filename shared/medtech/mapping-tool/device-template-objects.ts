import type { MappingObject } from '../json/mapping-object.ts';
import { openMapping } from '../json/open-mapping.ts';
import { isObject } from '../json/value.ts';
import type { MappingProblem } from '../mapping-problem.ts';

/** The templates of a device mapping as they are written. What is noted on them goes into `problems`. */
export function deviceTemplateObjects(text: string, problems: MappingProblem[]): MappingObject[] {
  const containers = openMapping(text, problems)?.list('template') ?? [];
  return containers.flatMap((container) => container.object('template') ?? []);
}

export interface WrittenExpression {
  readonly text: string;
  readonly isJmesPath: boolean;
  readonly warn: (message: string) => void;
}

/** The expression of a template's or a value's member, in either of its two forms. */
export function writtenExpression(
  holder: MappingObject,
  name: string,
  defaultLanguage: string,
): WrittenExpression | undefined {
  const inner = isObject(holder.get(name) ?? null) ? holder.object(name) : undefined;
  const language = inner?.text('language') ?? defaultLanguage;
  const [object, member] = inner ? [inner, 'value'] : [holder, name];
  const text = object.text(member);
  if (text === undefined) return undefined;
  return {
    text,
    isJmesPath: language.toLowerCase() === 'jmespath',
    warn: (message) => object.warning(message, member),
  };
}
