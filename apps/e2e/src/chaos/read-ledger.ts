import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeTelegram } from '@recert/testing';
import { Client } from 'pg';
import {
  type Audit,
  auditLedger,
  type Handled,
  type Ledger,
  type Letter,
  type Notification,
  type Outside,
  type Said,
  type TakenIn,
} from './ledger';

const LOOK_AGAIN_MS = 300;

/** The columns that an audit wants of each table, in every schema that has it. */
const COLUMNS: Readonly<Record<string, string>> = {
  intake: `id::text, handled_at is not null as "isHandled", coalesce(outcome = 'dead letter', false) as "isDead"`,
  outbox: `event_id::text as id, subject, published_at is not null as "isPublished", headers ->> 'ce-causationid' as "causeId",
    case when subject = 'letter.kept' then payload::json ->> 'letterId' end as "letterId"`,
  inbox: `consumer, event_id::text as "eventId"`,
  dead_letter: `id::text, consumer, event_id as "eventId"`,
  announced_task: `task_id as consumer, said::json -> 'trigger' ->> 'event' as subject`,
  delivery: `id::text, chat_id::float8 as "chatId", text, kind = 'edit' as "isEdit", state, message_id::float8 as "messageId"`,
};
const WANTED = {
  announced_task: `where said::json -> 'trigger' ->> 'event' is not null and (said::json ->> 'active')::boolean`,
} as Readonly<Record<string, string>>;

/** Reads the tables of all services, in one snapshot. @param url of somebody who may read every schema */
export async function readLedger(url: string): Promise<Ledger> {
  const client = new Client({ connectionString: url });
  // A server that is killed meanwhile is told of by the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows: tables } = await client.query<{ schema: string; table: string }>(
      `select table_schema as schema, table_name as table from information_schema.tables
       where table_name = any($1) and table_schema not in ('bus', 'public') and (table_name <> 'delivery' or table_schema = 'notifier')`,
      [Object.keys(COLUMNS)],
    );
    const all = new Map<string, object[]>();
    for (const { schema, table } of tables) {
      const { rows } = await client.query<object>(
        `select '${schema}' as service, ${COLUMNS[table]} from "${schema}".${table} ${WANTED[table] ?? ''}`,
      );
      all.set(table, [...(all.get(table) ?? []), ...rows]);
    }
    const rowsOf = <Row>(table: string): Row[] => (all.get(table) ?? []) as Row[];
    const outbox = rowsOf<Said & { letterId: string | null }>('outbox');
    const consumers = rowsOf<{ consumer: string; subject: string }>('announced_task');
    return {
      intake: rowsOf<TakenIn>('intake'),
      outbox,
      inbox: rowsOf<Handled>('inbox'),
      letters: rowsOf<Letter>('dead_letter'),
      toldLetters: outbox.flatMap(({ letterId }) => letterId ?? []),
      consumers: new Map(consumers.map(({ consumer, subject }) => [consumer, subject])),
      notifications: rowsOf<Notification>('delivery'),
    };
  } finally {
    await client.end();
  }
}

/** What the chats have got: each message as it was sent first. */
export function messagesOf(telegram: FakeTelegram): Outside['messages'] {
  const chats = new Set(telegram.calls.map(({ parameters }) => Number(parameters['chat_id'])).filter((id) => id !== 0));
  return [...chats].flatMap((chatId) =>
    telegram
      .chat(chatId)
      .messages.filter(({ from }) => from.id === telegram.bot.id)
      .map(({ id, text, edits }) => ({ chatId, id, text: edits[0]?.text ?? text })),
  );
}

/**
 * Waits until everything that was accepted has come to its end, or the time is over.
 * @param only which sentences of the audit are waited for
 * @returns the last audit, and how many milliseconds it took
 */
export async function settle(
  url: string,
  outside: () => Outside,
  { withinMs, only = /^/ }: { readonly withinMs: number; readonly only?: RegExp },
): Promise<Audit & { readonly tookMs: number }> {
  const began = performance.now();
  for (;;) {
    const audit = auditLedger(await readLedger(url), outside());
    const tookMs = performance.now() - began;
    const isSettled = ![...audit.orphans, ...audit.pending].some((one) => only.test(one));
    if (tookMs > withinMs || isSettled) return { ...audit, tookMs };
    await sleep(LOOK_AGAIN_MS);
  }
}
