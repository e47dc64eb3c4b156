import { quoted } from '../shell/quoted';

/** What one types to try a webhook: the token stands in `$TOKEN`, and the secret of Sentry in `$SENTRY_CLIENT_SECRET`. */

function posted(url: string, headers: readonly string[], data: string): string {
  const lines = ['content-type: application/json', ...headers].map((header) => `  -H "${header}" \\\n`);
  return `curl -X POST ${quoted(url)} \\\n${lines.join('')}  -d ${data}`;
}

const BEARER = 'authorization: Bearer $TOKEN';

/** @param week such as `2026-W47`, which has ended */
export function kpiCurl(url: string, week: string): string {
  return posted(url, [BEARER], quoted(JSON.stringify({ week, kpis: { signups: 12 } })));
}

export function alertCurl(url: string): string {
  return posted(url, [BEARER], quoted(JSON.stringify({ title: 'Backup failed', severity: 'warning' })));
}

/** Sentry signs what it sends; so does this. */
export function sentryCurl(url: string, project: string): string {
  const issue = { id: '1', title: 'A test', level: 'info', status: 'unresolved', project: { slug: project } };
  const body = `BODY=${quoted(JSON.stringify({ action: 'created', data: { issue } }))}`;
  const sign = `SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$SENTRY_CLIENT_SECRET" | sed 's/.* //')`;
  const headers = ['sentry-hook-resource: issue', 'sentry-hook-signature: $SIGNATURE'];
  return `${body}\n${sign}\n${posted(url, headers, '"$BODY"')}`;
}
