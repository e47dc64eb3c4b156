const DEFAULT_PORTS: Readonly<Record<string, string>> = { nats: '4222', tls: '4222', postgres: '5432' };

/** The urls under which a process may reach a transport, with their user and password. */
export interface BusUrls {
  /** What BUS_URL says. */
  readonly home: string;
  /** What DATABASE_URL says. */
  readonly database?: string | undefined;
  /** What BUS_URL_OTHER lists. */
  readonly others?: readonly string[];
}

export type Found = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly reason: string };

/**
 * The name of a transport in events, logs and answers: scheme, host, port, and the database of a PostgreSQL. Never user or
 * password.
 * @throws Error when it is no url of a transport
 */
export function addressOf(url: string): string {
  const given = URL.canParse(url) ? new URL(url) : null;
  const scheme = given?.protocol.replace(/:$/, '').replace(/^postgresql$/, 'postgres') ?? '';
  const port = DEFAULT_PORTS[scheme];
  if (given === null || port === undefined || given.hostname === '')
    throw new Error('an address looks like nats://127.0.0.1:4222 or postgres://127.0.0.1:5432/recert');
  const host = `${given.hostname.toLowerCase()}:${given.port || port}`;
  if (scheme !== 'postgres') return `${scheme}://${host}`;
  // A host that begins with a slash is the folder of a socket: another server than what stands before it.
  const folder = given.searchParams.get('host');
  const database = given.pathname === '/' ? '' : given.pathname;
  return `postgres://${host}${database}${folder === null ? '' : `?host=${encodeURIComponent(folder)}`}`;
}

/**
 * The address that somebody means, with the urls that are known to complete it: `postgres` alone is enough for the one
 * that is known, and so is a PostgreSQL without the name of its database.
 * @returns a reason where it is none, or holds a user or a password
 */
export function readAddress(
  text: string,
  known: BusUrls,
): { ok: true; address: string } | { ok: false; reason: string } {
  const addresses = [...new Set(allOf(known).map(addressOf))];
  if (/^(postgres|nats|tls)$/.test(text)) {
    const [first, second] = addresses.filter((address) => address.startsWith(`${text}://`));
    if (first === undefined) return { ok: false, reason: `no ${text}:// url is known here: write its whole address` };
    if (second === undefined) return { ok: true, address: first };
    return { ok: false, reason: `several ${text}:// urls are known here: write which, such as ${first}` };
  }
  try {
    const { username, password } = new URL(text);
    if (username !== '' || password !== '')
      return {
        ok: false,
        reason: 'write the address without user and password: each service knows its own by BUS_URL_OTHER',
      };
    const address = addressOf(text);
    return { ok: true, address: addresses.find((each) => means(address, each)) ?? address };
  } catch {
    return {
      ok: false,
      reason: 'expected an address such as nats://127.0.0.1:4222 or postgres://127.0.0.1:5432/recert',
    };
  }
}

/**
 * The url of an address, with the user and password that this process has for it. Without any only an address of NATS can
 * be used, and none that BUS_URL_OTHER leaves out.
 */
export function urlOf(address: string, known: BusUrls): Found {
  const url = allOf(known).find((each) => means(address, addressOf(each)));
  if (url !== undefined) return { ok: true, url };
  if ((known.others ?? []).length > 0)
    return { ok: false, reason: `${address} is not one of BUS_URL_OTHER: add it there, with user and password` };
  if (/^(nats|tls):/.test(address)) return { ok: true, url: address };
  return {
    ok: false,
    reason: `the user and password of ${address} are not known: put its whole url into BUS_URL_OTHER`,
  };
}

function allOf({ home, others = [], database }: BusUrls): string[] {
  return [home, ...others, ...(database === undefined ? [] : [database])];
}

/** A PostgreSQL without a database means whichever is known there. */
function means(address: string, known: string): boolean {
  return address === known || (/^postgres:\/\/[^/?]+$/.test(address) && known.startsWith(`${address}/`));
}
