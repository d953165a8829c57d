/** AUTH_ISSUERS: whose tokens are accepted. */
import { CheckedObject } from './checked-object.ts';
import { StartError } from './start-error.ts';

/** One value of a token's `iss` and the rules for tokens that have it. */
export interface Issuer {
  readonly issuer: string;
  /** For services that have no audience of their own in workspace.json. */
  readonly audience: readonly string[];
  /** Absent: found by OpenID discovery at the issuer. */
  readonly jwksUri?: string;
  /** Values of `tid`; absent: any. */
  readonly tenants?: readonly string[];
  /** Values of `azp`, `appid` or `client_id`; absent: any. */
  readonly clients?: readonly string[];
  /** A token for a user has one of these in `scp`; empty: none is asked for. */
  readonly scopes: readonly string[];
  /** Roles that its tokens have besides those that they name: a SMART identity provider's name none. */
  readonly roles: readonly string[];
}

export interface IssuersSetting {
  readonly issuers: readonly Issuer[];
  /** Tokens by `npm run token` are accepted too. */
  readonly localIssuer: boolean;
}

const setting = 'AUTH_ISSUERS';
const properties = ['issuer', 'audience', 'jwksUri', 'tenants', 'clients', 'scopes', 'roles'];
const guid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const entraV1 = new RegExp(`^https://sts\\.windows\\.net/(${guid}|\\{tenantid\\})/?$`);
const entraV2 = new RegExp(`^https://(login\\.microsoftonline\\.(?:com|us))/(${guid}|\\{tenantid\\})/v2\\.0/?$`);

/** `local`, or a JSON list of issuers of which one may be `"local"`. */
export function issuersSetting(value: string | undefined): IssuersSetting {
  if (value === undefined) return { issuers: [], localIssuer: false };
  if (value === 'local') return { issuers: [], localIssuer: true };
  const list = parseJson(value);
  if (!Array.isArray(list) || list.length === 0) {
    throw new StartError(`${setting} must be local or a JSON list of { "issuer": "https://…", "audience": ["…"] }.`);
  }
  const issuers = list.flatMap((each, index) =>
    each === 'local' ? [] : acceptedIssuers(new CheckedObject(each, `$[${index}]`, setting, properties)),
  );
  const [twice] = issuers.filter(({ issuer }, index) => issuers.findIndex((other) => other.issuer === issuer) < index);
  if (twice) throw new StartError(`${setting}: ${twice.issuer} stands in it twice.`);
  return { issuers, localIssuer: list.includes('local') };
}

/** Entra signs tokens of both its versions with the same keys; which one a client gets is the app registration's choice. */
function acceptedIssuers(entry: CheckedObject): Issuer[] {
  const { issuer, ...rules } = issuerOf(entry);
  const v2 = entraV2.exec(issuer);
  const tenant = v2?.[2] ?? entraV1.exec(issuer)?.[1];
  if (tenant === undefined) return [{ issuer, ...rules }];
  const own = tenant === '{tenantid}' ? rules.tenants : [tenant];
  if (!own) return entry.refuse('.tenants', 'the list of tenants whose tokens are accepted for {tenantid}');
  // The form that stands in the setting comes first: apps are sent to it.
  return own.flatMap((id) => {
    const forms = [`https://${v2?.[1] ?? 'login.microsoftonline.com'}/${id}/v2.0`, `https://sts.windows.net/${id}/`];
    return (v2 ? forms : forms.reverse()).map((form) => ({ ...rules, issuer: form, tenants: [id] }));
  });
}

function issuerOf(entry: CheckedObject): Issuer {
  const issuer = entry.get('issuer');
  const jwksUri = entry.get('jwksUri');
  if (!isAddress(issuer)) return entry.refuse('.issuer', 'an https URL, or http on this machine');
  if (jwksUri !== undefined && !isAddress(jwksUri)) return entry.refuse('.jwksUri', 'an https URL');
  return {
    issuer,
    audience: entry.texts('audience'),
    scopes: entry.has('scopes') ? entry.texts('scopes', []) : ['user_impersonation'],
    roles: entry.texts('roles', []),
    ...(jwksUri !== undefined && { jwksUri }),
    ...(entry.has('tenants') && { tenants: entry.texts('tenants') }),
    ...(entry.has('clients') && { clients: entry.texts('clients') }),
  };
}

/** Keys that came over plain http could be anybody's. */
function isAddress(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, hash } = new URL(value);
  const safe =
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
  return safe && username === '' && hash === '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
