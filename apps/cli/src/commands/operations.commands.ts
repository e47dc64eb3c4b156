import { type DeadLetterView, type ReplaysView, type ReplayView } from '@recert/contracts';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Call, type Command } from '../command';
import { EXIT, type ExitCode, UsageError } from '../exit-codes';

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

/** Which dead letters are meant. */
const whose = {
  service: { value: 'SERVICE', says: 'of this service only' },
  consumer: { value: 'CONSUMER', says: 'of this consumer only' },
  subject: { value: 'SUBJECT', says: 'of this subject only' },
};

export const operationsCommands: readonly Command[] = [
  { name: 'audit verify', says: 'Check that nobody has touched the history', run: verify },
  {
    name: 'audit export',
    says: 'Write the whole history to standard output',
    options: { format: { value: 'FORMAT', says: 'csv or json (default)', oneOf: ['csv', 'json'] } },
    run: exportHistory,
  },
  {
    name: 'dead-letters',
    says: 'List what the services could not handle',
    options: { ...whose, state: { value: 'STATE', says: 'open or replayed', oneOf: ['open', 'replayed'] } },
    run: deadLetters,
  },
  {
    name: 'dead-letters replay',
    says: 'Have it handled again, one or all that are open',
    args: ['[ID]'],
    options: { all: { says: 'everything that is open' }, ...whose },
    run: replay,
  },
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

async function deadLetters({ api, print, text }: Call): Promise<void> {
  print.table(
    await api.all<DeadLetterView>('/api/dead-letters', { ...filterOf(text), state: text('state') }),
    {
      ID: ({ id }) => id,
      AT: ({ at }) => at,
      SERVICE: ({ service }) => service,
      EVENT: ({ subject }) => subject,
      CONSUMER: ({ consumer }) => consumer,
      REPLAYED: ({ replayedAt }) => replayedAt,
      REASON: ({ reason }) => reason,
    },
    'There are no dead letters.',
  );
}

async function replay(call: Call): Promise<ExitCode> {
  const {
    api,
    print,
    args: [id],
    text,
    isOn,
  } = call;
  const filter = filterOf(text);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (isOn('all')) {
    if (id !== undefined) throw new UsageError('give an ID or --all, not both');
    return replayAll(call, filter);
  }
  if (id === undefined) throw new UsageError('give the ID of a dead letter, or --all');
  if (isFiltered) throw new UsageError('--service, --consumer and --subject go with --all');
  const outcome = await api.post<ReplayView>(`/api/dead-letters/${encodeURIComponent(id)}/replay`);
  print.result(outcome, ({ state, reason }) => {
    if (state === 'replayed') print.line('It is handled.');
    else if (state === 'asked') print.complaint(`It is asked for: ${reason ?? 'there is no answer yet'}`);
    else print.complaint(`It failed again: ${reason ?? 'no reason was given'}`);
  });
  return outcome.state === 'replayed' ? EXIT.ok : EXIT.refused;
}

/** What becomes of each is in the list a moment later. */
async function replayAll({ api, print }: Call, filter: ReturnType<typeof filterOf>): Promise<ExitCode> {
  const answer = await api.post<ReplaysView>('/api/dead-letters/replay', filter);
  print.result(answer, ({ asked, more }) =>
    print.line(`${asked} are being handled again${more ? '; there are more: run it once more' : ''}.`),
  );
  return EXIT.ok;
}

function filterOf(text: Call['text']) {
  return { service: text('service'), consumer: text('consumer'), subject: text('subject') };
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
