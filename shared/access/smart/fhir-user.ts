/**
 * Who the user of an app is among the resources: the claim `fhirUser`, a URL. AHDS: Patient and Practitioner only, and
 * `extension_fhirUser` where the issuer cannot name it so. AHDS differs: it takes the user from a header as well, which
 * whoever sends the request could set.
 */
import { requestError } from '../../operations/errors.ts';

export interface FhirUser {
  readonly type: 'Patient' | 'Practitioner';
  readonly id: string;
}

const names = ['fhirUser', 'extension_fhirUser'];
const form = /(?:^|\/)(Patient|Practitioner)\/([A-Za-z0-9\-.]{1,64})$/;

/** Throws 400 when the claim is absent or names somebody else. */
export function fhirUser(claims: Readonly<Record<string, unknown>>): FhirUser {
  const value = names.map((name) => claims[name]).find((claim) => claim !== undefined);
  if (value === undefined) throw requestError('bad-request', 'The token has patient or user scopes but no fhirUser.');
  const [, type, id = ''] = (typeof value === 'string' && form.exec(value)) || [];
  if (type !== 'Patient' && type !== 'Practitioner') {
    throw requestError('bad-request', 'The fhirUser of the token must be the URL of a Patient or a Practitioner.');
  }
  return { type, id };
}
