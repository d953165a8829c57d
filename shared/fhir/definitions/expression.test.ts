import { describe, expect, it } from 'vitest';
import { combined, componentExpression, expressionFor } from './expression.ts';

describe('an expression as it can be run', () => {
  it('asks for all items of a type instead of casting one, and combines parts instead of comparing them', () => {
    const { parts } = expressionFor('Condition', '(Condition.onset as Age) | Condition.onset.as(Range)');
    expect(combined(parts)).toBe('Condition.onset.ofType(Age).combine(Condition.onset.ofType(Range))');
    expect(expressionFor('Observation', '(Observation.value as CodeableConcept).text').parts).toEqual([
      'Observation.value.ofType(CodeableConcept).text',
    ]);
  });

  it('leaves the target type of a reference to the index', () => {
    expect(expressionFor('Account', 'Account.subject.where(resolve() is Patient)')).toEqual({
      parts: ['Account.subject'],
      targets: ['Patient'],
    });
  });

  it('keeps the parts of one resource type', () => {
    const published = 'Goal.subject.where(resolve() is Patient) | Consent.patient';
    expect(expressionFor('Consent', published)).toEqual({ parts: ['Consent.patient'], targets: [] });
  });

  it('names the type as FHIR does where HL7 wrote that of FHIRPath', () => {
    expect(componentExpression('value.as(DateTime) | value.as(Period)')).toBe(
      'value.ofType(dateTime).combine(value.ofType(Period))',
    );
  });
});
