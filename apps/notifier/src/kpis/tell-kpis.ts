import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type KpiReceived } from '@recert/contracts';
import { Clock, KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { type AdminChat } from '../chats/admin-chat';
import { AdminChats } from '../chats/admin-chats';
import { Priority } from '../messages/delivery';
import { type Message, MESSAGE_LIMIT } from '../messages/rich-text';
import { type Saying, SpeakInChat } from '../messages/speak-in-chat';
import { eachOnce, type ShownKpis, threadsOf } from './kpi-week';
import { CAPTION_LIMIT, kpiMessages, nothingMoreMessage, replacedMessage } from './kpi-message';

/** Says a week's KPIs in the chats of a product, and keeps what was said up to date. */
@Injectable()
export class TellKpis {
  constructor(
    private readonly chats: AdminChats,
    private readonly speaker: SpeakInChat,
    private readonly clock: Clock,
    @Inject(KIT_CONFIG) private readonly kit: KitConfig,
  ) {}

  /** Whether there is a chat in which a report would be said. */
  async hasListeners(tx: Tx, { productId }: KpiReceived): Promise<boolean> {
    return (await this.chats.chatsFor(tx.db, { productId, everybody: false })).length > 0;
  }

  /**
   * As a message of its own.
   * @param chart a PNG; null for the text alone
   * @param before the message that it replaces
   * @returns what is shown now; null when there is nobody to tell
   */
  async say(tx: Tx, report: KpiReceived, chart: Buffer | null, before: ShownKpis | null): Promise<ShownKpis | null> {
    const { productId, version } = report;
    const threads = threadsOf(report);
    const { first, more } = this.messages(report, chart !== null);
    const chats = await this.chats.chatsFor(tx.db, { productId, everybody: false });
    const older = before === null ? {} : { older: replacedMessage(report) };
    for (const chat of chats) {
      const said = { chat, priority: Priority.notice, ...older };
      const key = (thread: string): string => `${thread}:${version}:${chat.chatId}`;
      const photo = chart === null ? {} : { photo: chart };
      const { first: thread } = threads;
      await this.speaker.say(tx, { ...said, ...photo, thread, message: first, dedupeKey: key(thread) });
      await this.goOn(tx, { ...said, thread: threads.more, dedupeKey: key(threads.more) }, more, before);
    }
    if (chats.length === 0) return before;
    return { saidAt: this.clock.now(), hasChart: chart !== null, hasMore: more !== null, chats };
  }

  /**
   * A test, to whoever a report is said to. It belongs to no thread: no message of its week is touched by it, now or later.
   * @param chart a PNG; null for the text alone
   */
  async sayTest(tx: Tx, report: KpiReceived, chart: Buffer | null): Promise<void> {
    const { first, more } = this.messages(report, chart !== null);
    const photo = chart === null ? {} : { photo: chart };
    for (const chat of await this.chats.chatsFor(tx.db, { productId: report.productId, everybody: false })) {
      const said = { chat, priority: Priority.notice, thread: null, dedupeKey: null };
      await this.speaker.say(tx, { ...said, ...photo, message: first });
      if (more !== null) await this.speaker.say(tx, { ...said, message: more });
    }
  }

  /** The second message, or the end of one that stood there before. */
  private async goOn(
    tx: Tx,
    said: Omit<Saying, 'thread' | 'message'> & { readonly thread: string },
    more: Message | null,
    before: ShownKpis | null,
  ): Promise<void> {
    if (more !== null) await this.speaker.say(tx, { ...said, message: more });
    else if (before?.hasMore === true && said.older !== undefined) {
      await this.speaker.edit(tx, { ...said, message: said.older });
    }
  }

  /**
   * As another wording of the message that is there.
   * @param chart the PNG that takes the place of its chart; null to leave what is there
   */
  async edit(tx: Tx, report: KpiReceived, chart: Buffer | null, shown: ShownKpis): Promise<ShownKpis> {
    const threads = threadsOf(report);
    const { first, more } = this.messages(report, shown.hasChart);
    const photo = chart === null ? {} : { photo: chart };
    for (const chat of await this.chatsOf(tx, report, shown)) {
      const said = { chat, priority: Priority.notice };
      await this.speaker.edit(tx, { ...said, ...photo, thread: threads.first, message: first });
      if (shown.hasMore) {
        await this.speaker.edit(tx, { ...said, thread: threads.more, message: more ?? nothingMoreMessage(report) });
      }
    }
    if (more !== null && !shown.hasMore) {
      for (const chat of shown.chats) {
        const dedupeKey = `${threads.more}:${report.version}:${chat.chatId}`;
        await this.speaker.say(tx, { chat, priority: Priority.notice, thread: threads.more, message: more, dedupeKey });
      }
    }
    return { ...shown, hasMore: shown.hasMore || more !== null };
  }

  private messages(report: KpiReceived, hasChart: boolean): ReturnType<typeof kpiMessages> {
    return kpiMessages(report, { zone: this.kit.ORG_TIMEZONE, limit: hasChart ? CAPTION_LIMIT : MESSAGE_LIMIT });
  }

  /** Where it was said; a group that has become another chat since then is among those of today. */
  private async chatsOf(tx: Tx, { productId }: KpiReceived, shown: ShownKpis): Promise<AdminChat[]> {
    return eachOnce([...shown.chats, ...(await this.chats.chatsFor(tx.db, { productId, everybody: false }))]);
  }
}
