const GROUPS = 8;
/** Half of an IPv6 address is for its holder to choose. */
const GROUPS_OF_NETWORK = 4;

/** @returns what counts as one sender: an IPv4 address, or the /64 of an IPv6 address, as `2001:db8:0:0` */
export function networkOf(address: string): string {
  const embedded = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (embedded !== undefined || !address.includes(':')) return embedded ?? address;
  const [before, after] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const [first, last] = [before ?? [], after ?? []];
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, GROUPS_OF_NETWORK).join(':');
}
