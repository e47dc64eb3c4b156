import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from '@recert/service-kit';
import { SESSION_MS } from './sessions';

/** @returns the header that makes a browser keep the session */
export function keepCookie(value: string, isHttps: boolean): string {
  return cookie(value, SESSION_MS / 1000, isHttps);
}

/** @returns the headers that make it forget the session under both names */
export function forgetCookies(): string[] {
  return [cookie('', 0, false), cookie('', 0, true)];
}

/** Unreachable for scripts, sent by our own pages only; behind https it has a name that no other host can set. */
function cookie(value: string, maxAgeSeconds: number, isHttps: boolean): string {
  const name = isHttps ? SECURE_SESSION_COOKIE : SESSION_COOKIE;
  const secure = isHttps ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
