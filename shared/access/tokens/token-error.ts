/** Why a token is not accepted. RFC 6750, 3: in `WWW-Authenticate`, in words that say nothing of what is in the token. */
import { requestError, type UserError } from '../../operations/errors.ts';

/** `why` is a fixed text without quotes. */
export function invalidToken(why: string): UserError {
  return requestError('unauthenticated', why, {
    'WWW-Authenticate': `Bearer error="invalid_token", error_description="${why}"`,
  });
}

/** Without a token there is no error to name. */
export function noToken(): UserError {
  return requestError('unauthenticated', 'This needs a bearer token in the Authorization header.', {
    'WWW-Authenticate': 'Bearer',
  });
}

/** The issuer's keys cannot be had: whether the token is good is not known. AHDS: 503. */
export function keysUnavailable(retryAfterSeconds: number): UserError {
  return requestError('unavailable', 'The token issuer cannot be reached at the moment.', {
    'Retry-After': String(retryAfterSeconds),
  });
}
