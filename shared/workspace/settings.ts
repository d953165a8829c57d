/** The app's settings (environment variables), read and checked once. */
import { StartError } from './start-error.ts';

export interface Issuer {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly jwksUri: string;
}

export interface Settings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly workspaceFile: string;
  readonly eventHubPort: number;
  /** Empty: open, which only loopback outside Azure may be. */
  readonly issuers: readonly Issuer[];
  /** Without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly inAzure: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws a StartError that names the setting and its rule. An empty value counts as not set. */
export function readSettings(environment: Environment): Settings {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const settings: Settings = {
    host: value('HOST') ?? '127.0.0.1',
    port: portSetting('PORT', value('PORT'), 7071),
    dataDir: value('DATA_DIR') ?? '.data',
    workspaceFile: value('WORKSPACE_FILE') ?? 'workspace.json',
    eventHubPort: portSetting('EVENT_HUB_PORT', value('EVENT_HUB_PORT'), 5672),
    issuers: issuersSetting(value('AUTH_ISSUERS')),
    publicUrl: urlSetting('PUBLIC_URL', value('PUBLIC_URL')),
    inAzure: value('WEBSITE_INSTANCE_ID') !== undefined,
  };
  if (value('COSMOS_ENDPOINT')) throw new StartError('COSMOS_ENDPOINT: this version has the embedded store only.');
  refuseOpenToOthers(settings);
  return settings;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** There is no way to run open inside Azure or on an interface that others reach. */
function refuseOpenToOthers({ host, issuers, inAzure }: Settings): void {
  if (issuers.length > 0) {
    throw new StartError('AUTH_ISSUERS: this version cannot check tokens yet. Leave it out to run open on loopback.');
  }
  if (inAzure) throw new StartError('AUTH_ISSUERS must be set in Azure: the services never run open there.');
  if (!isLoopback(host)) {
    throw new StartError(
      `HOST=${host} can be reached by others: set AUTH_ISSUERS, or use 127.0.0.1, localhost or ::1.`,
    );
  }
}

function portSetting(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65535) return port;
  throw new StartError(`${name}=${value} is not a port: use a whole number from 0 to 65535.`);
}

function urlSetting(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
  if (!plain) throw new StartError(`${name}=${value} must be an http or https URL without query and fragment.`);
  return url.href.replace(/\/+$/, '');
}

function issuersSetting(value: string | undefined): Issuer[] {
  if (value === undefined) return [];
  const list = parseJson(value);
  if (Array.isArray(list) && list.length > 0 && list.every(isIssuer)) return list;
  throw new StartError('AUTH_ISSUERS must be a JSON list of { "issuer": "…", "audience": ["…"], "jwksUri": "…" }.');
}

function isIssuer(value: unknown): value is Issuer {
  if (typeof value !== 'object' || value === null) return false;
  const { issuer, audience, jwksUri } = value as Partial<Record<keyof Issuer, unknown>>;
  const audiences =
    Array.isArray(audience) && audience.length > 0 && audience.every((each) => typeof each === 'string');
  return typeof issuer === 'string' && audiences && typeof jwksUri === 'string' && URL.canParse(jwksUri);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
