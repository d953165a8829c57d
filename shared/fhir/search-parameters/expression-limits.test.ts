import { describe, expect, it } from 'vitest';
import { compileFhirpath } from '../search/fhirpath-values.ts';
import { expressionFault } from './expression-limits.ts';

describe('expressions of custom parameters', () => {
  it.each([
    'Patient.name.given.first()',
    "Patient.telecom.where(system = 'phone' and (use = 'work' or use.exists().not())).value",
    "Patient.extension('http://a|b(c').value.ofType(Coding).code",
    "Observation.component.where(code.coding.where(system = 'http://loinc.org' and code = '8480-6').exists()).value.ofType(Quantity)",
    'iif(Patient.active = true, Patient.name.family, Patient.name.text)',
    'Patient.name[0].given[1]',
    "Patient.name.family.where($this.startsWith('A'))",
  ])('%s is taken, and the engine compiles it', (expression) => {
    expect(expressionFault(expression)).toBeUndefined();
    expect(() => compileFhirpath(expression)).not.toThrow();
  });

  it.each([
    ["Patient.name.family.matches('(a+)+$')", 'matches'],
    ["Patient.name.family.replaceMatches('a', 'b')", 'replaceMatches'],
    ['Patient.descendants()', 'descendants'],
    ['Patient.repeat(contact)', 'repeat'],
    ['Patient.children()', 'children'],
    ['Patient.name.select(given)', 'select'],
    ['Patient.name.aggregate($this)', 'aggregate'],
    ['Patient.generalPractitioner.resolve()', 'resolve'],
    ['now()', 'now'],
    ["Patient.name.trace('x')", 'trace'],
    ["Patient.gender.memberOf('http://vs')", 'memberOf'],
    ['Patient.name.where(family = %resource.name.family)', '%resource'],
    ['%context.name', 'characters'],
    ['Patient.name.family & Patient.name.text', 'characters'],
    ['Patient.name // comment', 'characters'],
    ['Patient.`name`', 'characters'],
    ["Patient.name.where(use = 'official'", 'not closed'],
    ['Patient.name)', 'closes what is not open'],
    [`Patient${'.name'.repeat(2000)}`, 'characters'],
    [Array.from({ length: 600 }, () => 'a').join('|'), 'words'],
    [`${'('.repeat(21)}a${')'.repeat(21)}`, 'nested'],
    [`a${'.where(b'.repeat(4)}${')'.repeat(4)}`, 'criteria inside criteria'],
  ])('%s is not taken', (expression, why) => {
    expect(expressionFault(expression)).toContain(why);
  });

  it('take time in proportion to the resource, however they are made', () => {
    const names = Array.from({ length: 5000 }, (_, at) => ({ family: `f${at}`, given: ['a', 'b', 'c'] }));
    const expression =
      "Patient.name.where(given.where($this.exists($this = 'c')).exists() and family.exists()).given.distinct()";
    expect(expressionFault(expression)).toBeUndefined();
    expect(compileFhirpath(expression)({ resourceType: 'Patient', name: names })).toHaveLength(3);
  });
});
