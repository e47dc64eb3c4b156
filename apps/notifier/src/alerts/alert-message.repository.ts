import { Injectable } from '@nestjs/common';
import { type AlertSeverity } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type AdminChat } from '../chats/admin-chat';
import { Priority } from '../messages/delivery';
import { newNonce } from './alert-buttons';
import { type Gathered } from './digest-message';
import { type Taken } from './plan-alert-messages';

/** A storm that has been quiet for so long is over: the next alert without a message of its own begins another. */
const STORM_IS_OVER_AFTER = '5 minutes';

/** Where an alert is shown in a chat. */
export interface ShownAlert {
  readonly chat: AdminChat;
  readonly place: 'own' | 'digest';
  /** In a digest, which storm's. */
  readonly storm: number | null;
  /** Of a message of its own, what its buttons carry. */
  readonly nonce: string | null;
}

interface Row {
  chat_id: string;
  topic_id: string | null;
  handle: string | null;
  place: ShownAlert['place'];
  storm: number | null;
  nonce: string | null;
}

/** The name of what the deliveries of an alert, or of a storm's digest, are about. */
export const threadOf = {
  alert: (alertId: string): string => `alert:${alertId}`,
  storm: (storm: number): string => `storm:${storm}`,
} as const;

/** The tables `alert_chat` and `alert_message`: where each alert is shown. A chat's rows change while it is locked. */
@Injectable()
export class AlertMessageRepository {
  /** Locks the chat: what is shown in it is decided by one after the other. */
  async lockChat(db: EntityManager, { chatId, topicId, handle }: AdminChat): Promise<void> {
    await db.query(
      `insert into alert_chat (chat_id, topic_id, handle) values ($1, $2, $3)
       on conflict (chat_id) do update set topic_id = $2, handle = $3`,
      [chatId, topicId, handle],
    );
  }

  /** Ordered by chat, so that whoever goes through them locks them in one order. */
  async ofAlert(db: EntityManager, alertId: string): Promise<ShownAlert[]> {
    const rows = await db.query<Row[]>(
      `select m.*, c.topic_id, c.handle from alert_message m join alert_chat c on c.chat_id = m.chat_id
       where m.alert_id = $1 order by m.chat_id`,
      [alertId],
    );
    return rows.map(toShown);
  }

  /** What counts against a chat's minute, oldest first, but for what is said of this alert and still waits. */
  async taken(db: EntityManager, chatId: number, alertId: string): Promise<Taken[]> {
    const rows = await db.query<{ thread: string; is_urgent: boolean; is_waiting: boolean }[]>(
      `select thread, priority <= ${Priority.critical} as is_urgent, state = 'waiting' as is_waiting from delivery
       where chat_id = $1 and thread like 'alert:%' and kind <> 'edit' and (state in ('waiting', 'sending')
         or state = 'sent' and sent_at > now() - interval '1 minute') and not (state = 'waiting' and thread = $2)
       order by id`,
      [chatId, threadOf.alert(alertId)],
    );
    return rows.map((row) => ({
      alertId: row.thread.slice('alert:'.length),
      isUrgent: row.is_urgent,
      isWaiting: row.is_waiting,
    }));
  }

  /** It has a message of its own from now on. @returns what its buttons carry; those it had before open nothing */
  async showOwn(db: EntityManager, alertId: string, chatId: number): Promise<string> {
    const nonce = newNonce();
    await db.query(
      `insert into alert_message (alert_id, chat_id, place, nonce) values ($1, $2, 'own', $3)
       on conflict (alert_id, chat_id) do update set place = 'own', nonce = $3, storm = null, is_urgent = false`,
      [alertId, chatId, nonce],
    );
    return nonce;
  }

  /** It is a number in the digest of the storm from now on. @returns the storm, and whether it begins with this alert */
  async gather(
    db: EntityManager,
    alertId: string,
    chatId: number,
    isUrgent: boolean,
  ): Promise<{ storm: number; isNew: boolean }> {
    const [row] = await db.query<{ storm: number; is_new: boolean }[]>(GATHER, [alertId, chatId, isUrgent]);
    if (row === undefined) throw new Error('the chat was not locked before an alert was gathered in it');
    return { storm: row.storm, isNew: row.is_new };
  }

  async gathered(db: EntityManager, chatId: number, storm: number): Promise<Gathered[]> {
    return db.query<Gathered[]>(
      `select coalesce(p.name, a.product_id) as "productName", a.severity, count(*)::int as count,
         count(*) filter (where a.status = 'resolved')::int as over
       from alert_message m join alert a on a.id = m.alert_id left join product p on p.id = a.product_id
       where m.chat_id = $1 and m.storm = $2 and m.place = 'digest' group by 1, 2`,
      [chatId, storm],
    );
  }

  /** Urgent alerts that are open and only in a digest, oldest first: they wait for a message of their own. */
  async urgentInDigests(db: EntityManager): Promise<{ alertId: string; chat: AdminChat }[]> {
    const rows = await db.query<(Row & { alert_id: string; severity: AlertSeverity })[]>(
      `select m.*, c.topic_id, c.handle from alert_message m join alert_chat c on c.chat_id = m.chat_id
         join alert a on a.id = m.alert_id
       where m.place = 'digest' and m.is_urgent and a.status = 'firing' and a.held_by is null
       order by a.started_at, a.id limit 50`,
    );
    return rows.map((row) => ({ alertId: row.alert_id, chat: toShown(row).chat }));
  }

  /** The chat has another id now. */
  async moveChat(db: EntityManager, from: number, to: number): Promise<void> {
    await db.query(
      `update alert_chat set chat_id = $2 where chat_id = $1 and not exists (select 1 from alert_chat where chat_id = $2)`,
      [from, to],
    );
  }
}

const GATHER = `
  with before as (
    select storm, storm_at is null or storm_at < now() - interval '${STORM_IS_OVER_AFTER}' as is_over
    from alert_chat where chat_id = $2),
  now_on as (
    update alert_chat c set storm_at = now(), storm = case when b.is_over then c.storm + 1 else c.storm end
    from before b where c.chat_id = $2 returning c.storm, b.is_over as is_new),
  gathered as (
    insert into alert_message (alert_id, chat_id, place, storm, is_urgent)
    select $1, $2, 'digest', storm, $3 from now_on
    on conflict (alert_id, chat_id) do update
      set place = 'digest', storm = excluded.storm, is_urgent = excluded.is_urgent, nonce = null)
  select storm, is_new from now_on`;

function toShown(row: Row): ShownAlert {
  const { chat_id: chatId, topic_id: topicId, handle, place, storm, nonce } = row;
  const chat = { chatId: Number(chatId), topicId: topicId === null ? null : Number(topicId), handle };
  return { chat, place, storm, nonce };
}
