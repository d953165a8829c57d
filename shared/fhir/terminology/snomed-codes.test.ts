import { describe, expect, it } from 'vitest';
import { mayBeSnomedCode } from './snomed-codes.ts';

describe('a code of SNOMED CT', () => {
  it.each([
    ['a concept', '276885007'],
    ['the root concept', '138875005'],
    ['a concept of an extension', '999000011000000103'],
    ['a refinement', '71341001:272741003=7771000'],
    ['a combination', '421720008 + 7946007'],
    ['an expression with terms', '71341001 |Bone structure of femur|'],
  ])('may be %s', (_, code) => {
    expect(mayBeSnomedCode(code)).toBe(true);
  });

  it.each([
    ['too short', '1'],
    ['something after it', '276885007x'],
    ['a wrong check digit', '276885008'],
    ['two digits changed over', '276858007'],
    ['a zero in front', '0276885007'],
    ['the identifier of a description', '754786011'],
    ['the identifier of a relationship', '100022'],
    ['too long', '1234567890123456789'],
    ['a code of SNOMED RT', 'T-15460'],
    ['words', 'look up value'],
    ['nothing', ''],
  ])('is none: %s', (_, code) => {
    expect(mayBeSnomedCode(code)).toBe(false);
  });
});
