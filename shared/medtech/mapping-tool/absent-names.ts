import { isArray, isObject, type JsonValue } from '../json/value.ts';

/** Quoted texts and patterns are values, a name before a parenthesis is a function. */
const word =
  /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|=~\s*\/(?:[^/\\]|\\.)*\/\w*|"([^"\\]+)"|([A-Za-z_][\w-]*)(?!\s*\(|[\w-])/g;
const keywords = ['true', 'false', 'null', 'matchedToken'];
/** As many as help. */
const most = 5;

/** The members that an expression names and an event nowhere has, a sentence each; other spelling is told. */
export function absentNames(expression: string, event: JsonValue): string[] {
  const known = new Set<string>();
  collect(event, known);
  const byLowerCase = new Map([...known].map((name) => [name.toLowerCase(), name]));
  const named = new Set([...expression.matchAll(word)].map(([, quoted, plain]) => quoted ?? plain ?? ''));
  return [...named]
    .filter((name) => name !== '' && !known.has(name) && !keywords.includes(name))
    .slice(0, most)
    .map((name) => {
      const other = byLowerCase.get(name.toLowerCase());
      return `The event has no member ${name}${other === undefined ? '' : `, but ${other}`}.`;
    });
}

function collect(value: JsonValue, names: Set<string>): void {
  if (isArray(value)) for (const item of value) collect(item, names);
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    names.add(name);
    collect(member, names);
  }
}
