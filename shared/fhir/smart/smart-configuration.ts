/** `GET .well-known/smart-configuration`. SMART App Launch 2.0, 2.1; what is in it as AHDS has it. */
import type { Answer, Call } from '../../operations/operation.ts';
import { FhirError } from '../outcome.ts';
import type { FhirService } from '../service.ts';

const scopes = ['openid', 'fhirUser', 'launch', 'launch/patient', 'offline_access', 'online_access'];
const capabilities = [
  ...['client-public', 'client-confidential-symmetric', 'client-confidential-asymmetric', 'authorize-post'],
  ...['launch-standalone', 'permission-patient', 'permission-user', 'permission-offline', 'permission-v2'],
  'sso-openid-connect',
];

/** 404 where the service runs open: there is nobody to send an app to. */
export async function smartConfiguration({ service, base }: Call<FhirService>): Promise<Answer> {
  if (!service.tokens) throw new FhirError('not-found', 'The service runs without token issuers.');
  const { issuer, jwks_uri, authorization_endpoint, token_endpoint, ...others } = await service.tokens.metadata();
  const { management_endpoint, revocation_endpoint, registration_endpoint } = others;
  const configuration = {
    issuer,
    jwks_uri,
    authorization_endpoint,
    token_endpoint,
    introspection_endpoint: `${base}/connect/introspect`,
    management_endpoint,
    revocation_endpoint,
    registration_endpoint,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_jwt', 'none'],
    capabilities,
  };
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(configuration) };
}
