import { quoted } from '../shell/quoted';

interface Sent {
  readonly to: string;
  readonly token: string;
  /** Sent as JSON; without it, it is only asked. */
  readonly body?: unknown;
}

/** A command for a shell, to be pasted as it is. */
export function curl({ to, token, body }: Sent): string {
  const lines = [`curl ${quoted(to)}`, `-H ${quoted(`Authorization: Bearer ${token}`)}`];
  if (body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body))}`);
  return lines.join(' \\\n  ');
}

export const EXAMPLE_ALERT = {
  title: 'Backup failed',
  severity: 'critical',
  detail: 'The disk is full.',
  key: 'nightly-backup',
};

/** By what a scope begins with, an address that it opens and what is sent there; null asks for something. */
const EXAMPLES: readonly (readonly [scope: string, path: string, body: object | null])[] = [
  ['kpi:', '/hooks/kpi/', { kpis: { signups: 12 } }],
  ['alerts:generic', '/hooks/alerts/', EXAMPLE_ALERT],
  ['library:import', '/api/library/import', { dryRun: true }],
  ['read', '/api/processes', null],
  ['admin', '/api/processes', null],
];

/**
 * @param origin where Recert is, such as https://recert.example.org
 * @returns a command that uses a token with these scopes; null where none of them can be tried by hand
 */
export function exampleOf(scopes: readonly string[], origin: string, token: string): string | null {
  for (const [begins, path, body] of EXAMPLES) {
    const scope = scopes.find((one) => one.startsWith(begins));
    if (scope === undefined) continue;
    const named = path.startsWith('/hooks/') ? scope.slice(scope.indexOf(':') + 1) : '';
    return curl({ to: `${origin}${path}${named}`, token, ...(body === null ? {} : { body }) });
  }
  return null;
}
