import { type DeadLetterView } from '@recert/contracts';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Call, type Command } from '../command';
import { EXIT, type ExitCode } from '../exit-codes';

interface HistoryVerdict {
  readonly ok: boolean;
  readonly rows: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly broken: { readonly seq: number; readonly what: string } | null;
}

interface Health {
  readonly status: string;
  readonly checks?: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

export const operationsCommands: readonly Command[] = [
  { name: 'audit verify', says: 'Check that nobody has touched the history', run: verify },
  {
    name: 'audit export',
    says: 'Write the whole history to standard output',
    options: { format: { value: 'FORMAT', says: 'csv or json (default)', oneOf: ['csv', 'json'] } },
    run: exportHistory,
  },
  { name: 'dead-letters', says: 'List the events that could not be handled', run: deadLetters },
  { name: 'dead-letters replay', says: 'Handle such an event again', args: ['ID'], run: replay },
  { name: 'health', says: 'Say whether the service can do its work', run: health },
];

async function verify({ api, print }: Call): Promise<ExitCode> {
  const verdict = await api.get<HistoryVerdict>('/api/audit/verify');
  const { ok, rows, head, broken } = verdict;
  print.result(verdict, () => {
    if (ok) print.line(`The history is whole: ${rows} rows, the last one with hash ${head.hash}`);
    else
      print.complaint(
        `The history is broken at row ${broken?.seq ?? rows + 1}: ${broken?.what ?? 'no reason was given'}`,
      );
  });
  return ok ? EXIT.ok : EXIT.refused;
}

async function exportHistory({ api, print, text }: Call): Promise<void> {
  const format = text('format') ?? 'json';
  const response = await api.open('GET', `/api/audit/export?format=${format}`);
  if (response.body) await pipeline(Readable.fromWeb(response.body), print.output.stdout, { end: false });
}

async function deadLetters({ api, print }: Call): Promise<void> {
  print.table(
    await api.all<DeadLetterView>('/api/dead-letters'),
    {
      ID: ({ id }) => id,
      AT: ({ at }) => at,
      EVENT: ({ subject }) => subject,
      CONSUMER: ({ consumer }) => consumer,
      REPLAYED: ({ replayedAt }) => replayedAt,
      REASON: ({ reason }) => reason,
    },
    'There are no dead letters.',
  );
}

async function replay({ api, print, args }: Call): Promise<ExitCode> {
  const path = `/api/dead-letters/${encodeURIComponent(args[0]!)}/replay`;
  const outcome = await api.post<{ replayed: boolean; reason: string | null }>(path);
  print.result(outcome, ({ replayed, reason }) => {
    if (replayed) print.line('It is handled.');
    else print.complaint(`It failed again: ${reason ?? 'no reason was given'}`);
  });
  return outcome.replayed ? EXIT.ok : EXIT.refused;
}

async function health({ api, print }: Call): Promise<ExitCode> {
  const response = await api.send('GET', '/health/ready');
  const { status, checks = [] } = (await response.json().catch(() => ({ status: 'not Recert' }))) as Health;
  print.result({ url: api.url, status, checks }, () => {
    print.line(`${api.url}: ${status}`);
    for (const { name, ok, detail } of checks) print.line(`  ${ok ? 'ok  ' : 'FAIL'}  ${name}: ${detail}`);
  });
  return response.ok && status === 'ok' ? EXIT.ok : EXIT.refused;
}
