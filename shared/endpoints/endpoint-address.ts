/**
 * Where notifications and events may go. A subscriber chooses the address that this service connects to, so addresses inside the
 * service's own network (private, loopback, link-local, the cloud's metadata address) are refused unless the workspace
 * allows them (server-side request forgery, OWASP). A name is resolved once and the connection goes to the address that
 * was checked, so that a second answer of the name server cannot lead elsewhere (DNS rebinding).
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { requestError, type UserError } from '../operations/errors.ts';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

export const resolveName: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** Special-purpose addresses of IANA's registries (RFC 6890 and its successors), multicast included. */
const special = new BlockList();
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Azure's platform address: DNS, DHCP, health probes.
  '168.63.129.16/32',
]) {
  const [net = '', bits] = range.split('/');
  special.addSubnet(net, Number(bits), 'ipv4');
}
/** Of IPv6 only global unicast is public, without documentation, Teredo, 6to4 and other special ranges in it. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const specialSix = new BlockList();
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  const [net = '', bits] = range.split('/');
  specialSix.addSubnet(net, Number(bits), 'ipv6');
}

export function isPublic({ address, family }: Address): boolean {
  const plain = address.split('%')[0] ?? '';
  if (family === 4) return !special.check(plain, 'ipv4');
  // Addresses that hold an IPv4 one (mapped, translated) are outside 2000::/3 and refused with everything else there.
  return globalUnicast.check(plain, 'ipv6') && !specialSix.check(plain, 'ipv6');
}

/** The endpoint as a URL. Throws for what nothing can be sent to, whatever its name resolves to; `what`: how the text calls it. */
export function endpointUrl(text: string, allow: readonly string[], what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text)) {
    throw refused(`${what} must be an absolute http or https URL.`);
  }
  if (url.username || url.password || url.hash) {
    throw refused(`${what} must have no user name, password or fragment.`);
  }
  const literal = literalAddress(url);
  if (literal && !isPublic(literal) && !isAllowed(url, allow)) throw notPublic();
  return url;
}

/** The one address to connect to. Throws when the name leads to any address that is not public. */
export async function checkedAddress(url: URL, allow: readonly string[], resolve: Resolve): Promise<Address> {
  const literal = literalAddress(url);
  const addresses = literal ? [literal] : await resolve(url.hostname);
  const [first] = addresses;
  if (!first) throw refused('The name of the endpoint has no address.');
  if (!addresses.every(isPublic) && !isAllowed(url, allow)) throw notPublic();
  return first;
}

/** The URL parser has turned every spelling of an IPv4 address (decimal, octal, short) into the usual one. */
function literalAddress({ hostname }: URL): Address | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  return family === 4 || family === 6 ? { address: bare, family } : undefined;
}

/** `http://localhost:*` allows every port, an origin without a port the scheme's own. */
function isAllowed({ protocol, hostname, port }: URL, allow: readonly string[]): boolean {
  const origin = `${protocol}//${hostname}`;
  return allow.includes(`${origin}:*`) || allow.includes(port === '' ? origin : `${origin}:${port}`);
}

function notPublic(): UserError {
  return refused('The endpoint is not at a public address, and the workspace does not allow it.');
}

function refused(message: string): UserError {
  return requestError('bad-request', message);
}
