import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type KpiMissed, type KpiReceived } from '@recert/contracts';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { type AdminChat } from '../chats/admin-chat';
import { AdminChats } from '../chats/admin-chats';
import { Priority } from '../messages/delivery';
import { SpeakInChat } from '../messages/speak-in-chat';
import { PersonRepository } from '../people/person.repository';
import { shortName } from '../questions/sentences';
import { eachOnce, type KpiWeek, threadsOf } from './kpi-week';
import { arrivedMessage, missedMessage } from './missed-message';

/** Says that a week's KPIs are missing, and that they came after all. */
@Injectable()
export class TellMissedKpis {
  constructor(
    private readonly chats: AdminChats,
    private readonly people: PersonRepository,
    private readonly speaker: SpeakInChat,
    @Inject(KIT_CONFIG) private readonly kit: KitConfig,
  ) {}

  /**
   * To the owner or to the admins, as the event says; to the admins also when the owner cannot be told anything.
   * @returns all chats that were told so by now
   */
  async say(tx: Tx, missed: KpiMissed, told: readonly AdminChat[]): Promise<AdminChat[]> {
    const thread = threadsOf(missed).missed;
    const known = new Set(told.map((chat) => chat.chatId));
    const { reader, chats } = await this.readers(tx, missed);
    const untold = chats.filter((chat) => !known.has(chat.chatId));
    if (untold.length === 0) return [...told];
    const owner = (await this.people.find(tx.db, [missed.owner])).get(missed.owner);
    const nameOf = (handle: string): string => shortName(owner?.name ?? handle);
    const message = missedMessage(missed, { reader, nameOf, zone: this.kit.ORG_TIMEZONE });
    for (const chat of untold) {
      const dedupeKey = `${thread}:${missed.level}:${chat.chatId}`;
      await this.speaker.say(tx, { thread, chat, priority: Priority.notice, message, dedupeKey });
    }
    return [...told, ...untold];
  }

  /** Whoever was told that the report is missing reads that it has come. */
  async close(tx: Tx, report: KpiReceived, missed: NonNullable<KpiWeek['missed']>): Promise<void> {
    const thread = threadsOf(report).missed;
    const message = arrivedMessage(missed.event, new Date(report.receivedAt), this.kit.ORG_TIMEZONE);
    const now = await this.chats.chatsFor(tx.db, { productId: report.productId, everybody: false });
    for (const chat of eachOnce([...missed.chats, ...now])) {
      await this.speaker.edit(tx, { thread, chat, priority: Priority.notice, message });
    }
  }

  private async readers(
    tx: Tx,
    { level, owner, productId }: KpiMissed,
  ): Promise<{ reader: KpiMissed['level']; chats: readonly AdminChat[] }> {
    const chat = level === 'owner' ? await this.chats.chatOfPerson(tx.db, owner) : null;
    if (chat !== null) return { reader: 'owner', chats: [chat] };
    return { reader: 'admins', chats: await this.chats.chatsFor(tx.db, { productId, everybody: false }) };
  }
}
