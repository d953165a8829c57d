import { UserError } from '../../operations/errors.ts';
import type { FhirService } from '../service.ts';

const codes = ['OAuth', 'SMART-on-FHIR'];
const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';

/**
 * `rest.security` of the CapabilityStatement: where an app gets a token. SMART App Launch 1.0, 3.1. Undefined where the
 * service runs open. While its issuer does not answer the addresses are missing: the rest holds all the same.
 */
export async function securityCapability({ tokens }: FhirService) {
  if (!tokens) return undefined;
  const metadata = await tokens.metadata().catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  const uris = metadata && [
    { url: 'token', valueUri: metadata.token_endpoint },
    { url: 'authorize', valueUri: metadata.authorization_endpoint },
  ];
  return {
    ...(uris && { extension: [{ url: oauthUris, extension: uris }] }),
    service: codes.map((code) => ({ coding: [{ system, code }] })),
  };
}
