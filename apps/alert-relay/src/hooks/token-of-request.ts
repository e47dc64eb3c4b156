import { type HookRequest } from '@recert/intake';

/**
 * The token of a request. Not everything that sends alerts can set a header of its own: besides the bearer token, the
 * password of basic authentication and `?token=` are taken.
 * @returns null where there is none
 */
export function tokenOfRequest({ headers, query }: Pick<HookRequest, 'headers' | 'query'>): string | null {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (/^bearer$/i.test(scheme)) return credentials;
  if (/^basic$/i.test(scheme)) return passwordIn(credentials);
  return headers.authorization === undefined ? query.get('token') : null;
}

function passwordIn(credentials: string): string | null {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : text.slice(colon + 1);
}
