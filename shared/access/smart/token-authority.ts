/**
 * Those that issue a service's tokens, as the service tells of them: discovery and introspection. Token validation is the
 * one that knows; a service that runs open has no authority.
 */
export interface TokenAuthority {
  /** Of the issuer that apps are sent to: the first. Rejects with the user error `unavailable` when it does not answer. */
  readonly metadata: () => Promise<IssuerMetadata>;
  /** The claims of a token that is valid here and now; undefined for any other. */
  readonly claimsOf: (token: string) => Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** From `.well-known/openid-configuration`. RFC 8414, 2. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly management_endpoint?: string;
  readonly revocation_endpoint?: string;
  readonly registration_endpoint?: string;
}
