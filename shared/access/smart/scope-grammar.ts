/**
 * One SMART scope: `patient/Observation.rs?category=laboratory`. SMART App Launch 1.0 (`read`, `write`) and 2.0 (letters of
 * `cruds`, a query). AHDS: `.` and `$` stand for the slash, which Entra does not allow in a scope, and `all` for `*`.
 */
import { requestError } from '../../operations/errors.ts';

export type SmartContext = 'patient' | 'user' | 'system';

/** Create, read by id, update, delete, search. */
export type Letter = 'c' | 'r' | 'u' | 'd' | 's';

export interface SmartScope {
  readonly context: SmartContext;
  /** Undefined: every type. Not yet known to be a resource type. */
  readonly type: string | undefined;
  readonly letters: ReadonlySet<Letter>;
  readonly version: 1 | 2;
  /** What each resource must meet, as a search would be asked for it. */
  readonly query: string | undefined;
}

const resourceScope = /^(patient|user|system)(?:[/.$]|%2f)/i;
const form = /^(patient|user|system)[/.$](\*|[A-Za-z]+)[/.$]([A-Za-z]+|\*)(?:\?(.*))?$/s;
const version1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds', all: 'cruds' };

/** Undefined for a scope that is not about resources, such as `openid`. Throws 400 for one that is and is malformed. */
export function parseScope(text: string): SmartScope | undefined {
  if (!resourceScope.test(text)) return undefined;
  const [, context, type = '', permissions = '', query] = form.exec(text.replace(/%2f/gi, '/')) ?? [];
  if (context === undefined) throw badScope(text, 'it is not context/type.permissions');
  const words = version1[permissions];
  if (words === undefined) checkLetters(text, permissions);
  else if (query !== undefined) throw badScope(text, 'only permissions of SMART v2 take a query');
  if (query === '') throw badScope(text, 'the query is empty');
  return {
    context: context as SmartContext,
    type: type === '*' || type === 'all' ? undefined : type,
    letters: new Set([...(words ?? permissions)] as Letter[]),
    version: words === undefined ? 2 : 1,
    query,
  };
}

function checkLetters(text: string, letters: string): void {
  if (/^c?r?u?d?s?$/.test(letters)) return;
  if (/^[cruds]+$/.test(letters)) throw badScope(text, 'its letters must be those of cruds, each once, in this order');
  throw badScope(text, `'${letters}' is no permission`);
}

export function badScope(text: string, why: string) {
  return requestError('bad-request', `The scope '${text}' of the token is not valid: ${why}.`);
}
