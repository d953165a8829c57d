import { DefaultAzureCredential } from '@azure/identity';

/** Tokens of the app's managed identity for a FHIR service of Azure; the library keeps one until it is about to end. */
export function azureToken(url: string): () => Promise<string> {
  const credential = new DefaultAzureCredential();
  const scope = `${new URL(url).origin}/.default`;
  return async () => (await credential.getToken(scope)).token;
}
