/** `POST connect/introspect`: what a token says, for those who cannot read it. RFC 7662; as AHDS has it. */
import type { Answer, Call } from '../../operations/operation.ts';
import type { FhirService } from '../service.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A token that is not valid here, or not any more, is not active, and nothing else is said of it. */
export async function introspect({ service, headers, body }: Call<FhirService>): Promise<Answer> {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const tokens = new URLSearchParams(Buffer.from(body).toString()).getAll('token');
  const [token = ''] = tokens;
  if (type !== 'application/x-www-form-urlencoded' || token === '' || tokens.length > 1) {
    return answer(400, { error: 'invalid_request', error_description: 'A form with one token is needed.' });
  }
  const claims = await service.tokens?.claimsOf(token);
  return answer(200, claims ? described(claims) : { active: false });
}

function described(claims: Claims): Claims {
  const { sub, iss, aud, exp, iat, patient, fhirUser } = claims;
  const scope = claims.scp ?? claims.scope;
  return {
    active: true,
    sub,
    iss,
    aud,
    exp,
    iat,
    client_id: claims.azp ?? claims.appid ?? claims.client_id,
    username: claims.preferred_username ?? claims.upn ?? claims.unique_name ?? claims.name,
    scope: Array.isArray(scope) ? scope.join(' ') : scope,
    patient,
    fhirUser: fhirUser ?? claims.extension_fhirUser,
  };
}

function answer(status: number, content: Claims): Answer {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { status, headers, body: JSON.stringify(content) };
}
