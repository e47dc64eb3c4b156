/** `/ping/` and a uuid or a key with a slug, as healthchecks has it wherever it is hosted. */
const HEALTHCHECKS_PATH = /^\/ping\/[\w-]+(\/[\w-]+)?\/?$/;
const UPTIME_KUMA_PATH = /^\/api\/push\/\w+\/?$/;

/**
 * Where a failure is told, for the kinds of watchers that can hear of one; for all others silence is the failure.
 * @returns null for the others
 */
export function failureAddress(address: string, says: string): string | null {
  const url = new URL(address);
  if (url.hostname === 'hc-ping.com' || HEALTHCHECKS_PATH.test(url.pathname)) {
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/fail`;
    return url.href;
  }
  if (!UPTIME_KUMA_PATH.test(url.pathname)) return null;
  url.searchParams.set('status', 'down');
  url.searchParams.set('msg', says);
  return url.href;
}
