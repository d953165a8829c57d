/**
 * Whether a text can be a code of SNOMED CT, whose concepts are not here. A concept identifier has 6 to 18 digits, of which
 * the last is a check digit (Verhoeff's) and the two before say that it is one of a concept. A post-coordinated expression
 * may be a code as well. Source: SNOMED CT Release File Specification, SCTID; FHIR R4, Using SNOMED CT.
 */
const conceptPattern = /^[1-9]\d{2,14}[01]0\d$/;

/** True also where it cannot be told. */
export function mayBeSnomedCode(code: string): boolean {
  return isExpression(code) || (conceptPattern.test(code) && isChecked(code));
}

/** An expression refines, combines or explains identifiers: it has a colon, a plus sign, an equals sign or a term. */
function isExpression(code: string): boolean {
  return /^[\s(={<]*\d{6,18}\s*[|:+=]/.test(code);
}

/** Products of the group of the symmetries of a pentagon, row times column. */
const product = rows(
  '0123456789 1234067895 2340178956 3401289567 4012395678 5987604321 6598710432 7659821043 8765932104 9876543210',
);
/** What becomes of a digit by its place from the right. */
const permutation = rows('0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258');

function rows(text: string): readonly (readonly number[])[] {
  return text.split(' ').map((row) => [...row].map(Number));
}

function isChecked(digits: string): boolean {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    sum = product[sum]?.[permutation[place % 8]?.[Number(digit)] ?? 0] ?? 0;
  }
  return sum === 0;
}
