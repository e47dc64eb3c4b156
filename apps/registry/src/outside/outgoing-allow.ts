import * as ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** What may be reached though it is not public. */
export interface OutgoingAllow {
  readonly ranges: readonly Range[];
  /** In lower case. */
  readonly hosts: ReadonlySet<string>;
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/;
/** Only this part of IPv6 is given out for the public. */
const PUBLIC_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** What a resolver may not say of a name's address. */
const NO_ADDRESS = 'no address';

/**
 * @param entries networks such as `10.0.0.0/8`, addresses, and host names
 * @returns the sentence that says which entry is wrong, where one is
 */
export function parseOutgoingAllow(entries: readonly string[]): OutgoingAllow | string {
  const ranges: Range[] = [];
  const hosts = new Set<string>();
  for (const entry of entries) {
    const host = plainHost(entry);
    if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry));
    else if (isAddress(host)) ranges.push(wholeOf(ipaddr.parse(host)));
    else if (HOST_NAME.test(host) && !/^[\d.]+$/.test(host)) hosts.add(host);
    else return `"${entry}" is neither a network such as 10.0.0.0/8 nor a host name such as n8n.internal`;
  }
  return { ranges, hosts };
}

/**
 * Whether nothing private lies behind a name or an address: each of its addresses must be public, or allowed.
 * @param host as it stands in the url
 * @returns null when it may be reached; else which address is in the way, and how it can be allowed
 */
export function whyNotReached(host: string, addresses: readonly string[], allow: OutgoingAllow): string | null {
  const name = plainHost(host);
  if (addresses.length === 0) return `${name} has no address`;
  if (allow.hosts.has(name)) return null;
  for (const address of addresses) {
    const kind = kindOf(address, allow);
    if (kind === null) continue;
    const what = address === name ? address : `${name} is ${address}, which`;
    const ways = address === name ? address : `${name} or OUTGOING_ALLOW=${address}`;
    return `${what} is not public (${kind}): allow it with OUTGOING_ALLOW=${ways}`;
  }
  return null;
}

/** The host of a url without the brackets of IPv6 and without the dot of the root. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** Whether it is an address itself, so that nobody is asked for one. */
export function isAddress(host: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
}

/** @returns what keeps it from being reached, such as `private`; null when nothing does */
function kindOf(text: string, { ranges }: OutgoingAllow): string | null {
  if (!isAddress(text)) return NO_ADDRESS;
  const address = ipaddr.parse(text);
  const faces = [address, ...(isMapped(address) ? [address.toIPv4Address()] : [])];
  if (faces.some((face) => ranges.some(([base, bits]) => face.kind() === base.kind() && face.match(base, bits))))
    return null;
  const range = address.range();
  if (range !== 'unicast') return range;
  return address.kind() === 'ipv6' && !address.match(...PUBLIC_V6) ? 'reserved' : null;
}

function isMapped(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress();
}

function wholeOf(address: Address): Range {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
