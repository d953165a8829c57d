/**
 * Keeps what was found for a name. Names that nothing is found for are not kept: they come from requests, and memory
 * must not grow with them.
 */
export function remember<Value>(find: (name: string) => Value | undefined): (name: string) => Value | undefined {
  const found = new Map<string, Value>();
  return (name) => {
    const before = found.get(name);
    if (before !== undefined) return before;
    const value = find(name);
    if (value !== undefined) found.set(name, value);
    return value;
  };
}
