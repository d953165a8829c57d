/**
 * The one format of the generated files: a line `["key",value]` per definition, sorted by key, so that a change of one
 * definition is a change of one line and the loader can leave a line unparsed until it is asked for.
 */
export function toLines(definitions: ReadonlyMap<string, unknown>): string {
  return [...definitions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join('');
}
