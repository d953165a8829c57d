/** The address under which the client reaches this workspace. */
export interface AddressRules {
  /** `PUBLIC_URL` without a slash at the end; wins over everything that a request says. */
  readonly publicUrl: string | undefined;
  /** Only Azure's front end may say by X-Forwarded-* what the client asked for; anyone can send these headers. */
  readonly trustForwarded: boolean;
}

/**
 * The workspace's root without a slash at the end. In streaming mode the Functions library has already made `url` from
 * what the host, not the client, forwards.
 */
export function publicRoot(url: URL, headers: Headers, rules: AddressRules): string {
  if (rules.publicUrl) return rules.publicUrl;
  if (!rules.trustForwarded) return url.origin;
  const protocol = firstOf(headers.get('x-forwarded-proto')) ?? url.protocol.slice(0, -1);
  const host = firstOf(headers.get('x-forwarded-host')) ?? url.host;
  const forwarded = `${protocol}://${host}`;
  return URL.canParse(forwarded) ? new URL(forwarded).origin : url.origin;
}

/** Each proxy appends what it saw; the first entry is the client's view. */
function firstOf(list: string | null): string | undefined {
  return list?.split(',')[0]?.trim() || undefined;
}
