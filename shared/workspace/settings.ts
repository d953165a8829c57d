/** The app's settings (environment variables), read and checked once. */
import { type Issuer, issuersSetting } from './issuers-setting.ts';
import { StartError } from './start-error.ts';

export interface Settings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly workspaceFile: string;
  readonly eventHubPort: number;
  readonly issuers: readonly Issuer[];
  readonly localIssuer: boolean;
  /** Nobody's tokens are accepted and none is asked for, which only loopback outside Azure may do. */
  readonly open: boolean;
  /** Without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly inAzure: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws a StartError that names the setting and its rule. An empty value counts as not set. */
export function readSettings(environment: Environment): Settings {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const { issuers, localIssuer } = issuersSetting(value('AUTH_ISSUERS'));
  const settings: Settings = {
    host: value('HOST') ?? '127.0.0.1',
    port: portSetting('PORT', value('PORT'), 7071),
    dataDir: value('DATA_DIR') ?? '.data',
    workspaceFile: value('WORKSPACE_FILE') ?? 'workspace.json',
    eventHubPort: portSetting('EVENT_HUB_PORT', value('EVENT_HUB_PORT'), 5672),
    issuers,
    localIssuer,
    open: issuers.length === 0 && !localIssuer,
    publicUrl: urlSetting('PUBLIC_URL', value('PUBLIC_URL')),
    inAzure: value('WEBSITE_INSTANCE_ID') !== undefined,
  };
  if (value('COSMOS_ENDPOINT')) throw new StartError('COSMOS_ENDPOINT: this version has the embedded store only.');
  refuseOpenToOthers(settings);
  return settings;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `hostname` as a URL or a Host header has it, an IPv6 address in brackets. */
export function isLoopbackHostname(hostname: string): boolean {
  return isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

/** There is no way to run open inside Azure or on an interface that others reach. */
function refuseOpenToOthers({ host, open, localIssuer, inAzure }: Settings): void {
  if (inAzure && localIssuer)
    throw new StartError('AUTH_ISSUERS: the local issuer is for this machine, not for Azure.');
  if (inAzure && open) throw new StartError('AUTH_ISSUERS must be set in Azure: the services never run open there.');
  if (open && !isLoopback(host)) {
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
