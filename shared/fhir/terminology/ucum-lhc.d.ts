/** What is used of the library, which has no types of its own. */
declare module '@lhncbc/ucum-lhc' {
  interface UcumLhcUtils {
    validateUnitString(code: string): { status: string; ucumCode: string | null; unit?: { name?: string } };
    convertToBaseUnits(code: string, value: number): { status: string; unitToExp?: Readonly<Record<string, number>> };
  }
  const ucum: { UcumLhcUtils: { getInstance(): UcumLhcUtils } };
  export default ucum;
}
