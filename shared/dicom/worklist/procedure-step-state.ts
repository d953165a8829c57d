/** The states of a workitem and what leads from one to another. Source: DICOM PS3.4, table CC.1.1-2. */

export const procedureStepStates = ['SCHEDULED', 'IN PROGRESS', 'COMPLETED', 'CANCELED'] as const;
export type ProcedureStepState = (typeof procedureStepStates)[number];

/** A new state that the performer asks for with the right transaction UID, or the wish of somebody else that it be canceled. */
export type StateRequest = ProcedureStepState | 'cancel request';

/** Why a request does nothing. B: what was asked for is so already. C: refused. */
export const stateCodes = {
  B304: 'The workitem is already CANCELED.',
  B306: 'The workitem is already COMPLETED.',
  C300: 'The workitem may no longer be updated.',
  C301: 'The transaction UID is not that of the performer who claimed the workitem.',
  C302: 'The workitem is already IN PROGRESS.',
  C303: 'A workitem becomes SCHEDULED only by being created.',
  C307: 'There is no workitem of this UID.',
  C310: 'The workitem is not yet IN PROGRESS.',
  C311: 'The workitem is already COMPLETED.',
  C312: 'The performer of the workitem cannot be told that somebody wants it canceled.',
} as const;
export type StateCode = keyof typeof stateCodes;

type Outcome = 'done' | StateCode;

const transitions: Readonly<Record<ProcedureStepState, Readonly<Record<StateRequest, Outcome>>>> = {
  SCHEDULED: {
    SCHEDULED: 'C303',
    'IN PROGRESS': 'done',
    COMPLETED: 'C310',
    CANCELED: 'C310',
    'cancel request': 'done',
  },
  'IN PROGRESS': {
    SCHEDULED: 'C303',
    'IN PROGRESS': 'C302',
    COMPLETED: 'done',
    CANCELED: 'done',
    'cancel request': 'C312',
  },
  COMPLETED: {
    SCHEDULED: 'C303',
    'IN PROGRESS': 'C300',
    COMPLETED: 'B306',
    CANCELED: 'C300',
    'cancel request': 'C311',
  },
  CANCELED: {
    SCHEDULED: 'C303',
    'IN PROGRESS': 'C300',
    COMPLETED: 'C300',
    CANCELED: 'B304',
    'cancel request': 'B304',
  },
};

export function transition(from: ProcedureStepState, request: StateRequest): Outcome {
  return transitions[from][request];
}

/** `C301: …`, as answers say it. */
export function stateText(code: StateCode): string {
  return `${code}: ${stateCodes[code]}`;
}

/** In any case, as AHDS takes it; undefined for what is no state. */
export function stateOf(text: string): ProcedureStepState | undefined {
  return procedureStepStates.find((state) => state === text.trim().toUpperCase());
}
