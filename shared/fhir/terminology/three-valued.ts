/** Tests of which the answer may be unknown (`undefined`). */

/** True where one is true, else unknown where one is unknown. */
export function some<Value>(
  values: readonly Value[],
  test: (value: Value) => boolean | undefined,
): boolean | undefined {
  let found: boolean | undefined = false;
  for (const value of values) {
    const one = test(value);
    if (one) return true;
    if (one === undefined) found = undefined;
  }
  return found;
}

/** False where one is false, else unknown where one is unknown. */
export function every<Value>(
  values: readonly Value[],
  test: (value: Value) => boolean | undefined,
): boolean | undefined {
  const otherwise = some(values, (value) => negate(test(value)));
  return negate(otherwise);
}

function negate(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
