import { decodePercent } from './parse-percent';

/** An address without its user name and password, and the `Authorization` header that says the same, or null. */
export function splitCredentials(address: string): { readonly url: URL; readonly authorization: string | null } {
  const url = new URL(address);
  const pair = `${decodePercent(url.username)}:${decodePercent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, authorization: pair === ':' ? null : `Basic ${Buffer.from(pair).toString('base64')}` };
}
