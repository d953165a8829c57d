/** The whole table of DICOM PS3.4, CC.1.1-2, for a performer with the right transaction UID, and for cancel requests. */
import { describe, expect, it } from 'vitest';
import { procedureStepStates, type StateRequest, stateOf, transition } from './procedure-step-state.ts';

const requests: readonly StateRequest[] = ['SCHEDULED', 'IN PROGRESS', 'COMPLETED', 'CANCELED', 'cancel request'];

const expected = {
  SCHEDULED: ['C303', 'done', 'C310', 'C310', 'done'],
  'IN PROGRESS': ['C303', 'C302', 'done', 'done', 'C312'],
  COMPLETED: ['C303', 'C300', 'B306', 'C300', 'C311'],
  CANCELED: ['C303', 'C300', 'C300', 'B304', 'B304'],
};

describe.each(procedureStepStates)('from %s', (from) => {
  it.each(requests.map((request, at) => [request, expected[from][at]] as const))('%s: %s', (request, outcome) => {
    expect(transition(from, request)).toBe(outcome);
  });
});

it('a state is read in any case', () => {
  expect(stateOf(' in Progress ')).toBe('IN PROGRESS');
  expect(stateOf('DISCONTINUED')).toBeUndefined();
  expect(stateOf('')).toBeUndefined();
});
