/**
 * UCUM by the library of the US National Library of Medicine, loaded when the first asks for it. `canonical` is what R4's
 * own value sets filter by: the unit in base units, `s` for `h`, `g.m-3` for `mg/dL`.
 */
export async function ucumCodes(): Promise<
  (code: string) => { display?: string; properties: { canonical: string } } | false
> {
  const { default: library } = await import('@lhncbc/ucum-lhc');
  const ucum = library.UcumLhcUtils.getInstance();
  return (code) => {
    if (code === '') return false;
    const { status, ucumCode, unit } = ucum.validateUnitString(code);
    // Of a misspelt unit the library tells what it takes it for, and calls that valid.
    if (status !== 'valid' || ucumCode !== code) return false;
    const canonical = baseUnits(ucum.convertToBaseUnits(code, 1).unitToExp);
    const display = unit?.name ? { display: String(unit.name).replace(/<[^>]*>/g, '') } : {};
    return { ...display, properties: { canonical } };
  };
}

/** `g.m-3`: the base units in the order of the alphabet. */
function baseUnits(exponents: Readonly<Record<string, number>> = {}): string {
  const units = Object.entries(exponents).sort(([one], [other]) => (one < other ? -1 : 1));
  return units.map(([unit, exponent]) => (exponent === 1 ? unit : `${unit}${exponent}`)).join('.');
}
