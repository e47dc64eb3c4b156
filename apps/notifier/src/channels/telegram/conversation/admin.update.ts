import { UseFilters } from '@nestjs/common';
import { Command, Ctx, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { AdminGroupRepository } from '../../../chats/admin-group.repository';
import { KpiSummary } from '../../../kpis/kpi-summary';
import { type Part } from '../../../messages/rich-text';
import { isAdmin } from '../../../people/person';
import { FindSpeaker } from '../accounts/find-speaker';
import { type UpdateWork, workOf } from '../receive/update-work';
import { AdminAudience, topicOf } from './admin-audience';
import { ADMINS_HERE, ADMINS_IN_PRIVATE, ADMINS_NOT_HERE, ADMINS_OFF, ADMINS_ONLY, ADMINS_USAGE } from './phrases';
import { Reply } from './reply';
import { Rethrow } from './rethrow.filter';

/** What admins may ask of the bot. */
@Update()
@UseFilters(new Rethrow())
export class AdminUpdates {
  constructor(
    private readonly speakers: FindSpeaker,
    private readonly groups: AdminGroupRepository,
    private readonly audience: AdminAudience,
    private readonly kpiSummary: KpiSummary,
    private readonly reply: Reply,
  ) {}

  /** `/admins here` and `/admins off`: whether a group hears of alerts and KPIs. */
  @Command('admins')
  async admins(@Ctx() context: Context & { payload?: string }): Promise<void> {
    const { chat } = context;
    if (chat === undefined || chat.type === 'channel') return;
    const work = workOf(context);
    const text = chat.type === 'private' ? ADMINS_IN_PRIVATE : await this.register(work, context, chat);
    await this.reply.say(work, { chatId: chat.id, handle: null, topicId: topicOf(context) }, [{ text }]);
  }

  @Command('alerts')
  async alerts(@Ctx() context: Context): Promise<void> {
    await this.answer(context, ({ tx }) => this.audience.listOfAlerts(tx));
  }

  @Command('kpis')
  async kpis(@Ctx() context: Context): Promise<void> {
    await this.answer(context, ({ tx }) => this.kpiSummary.text(tx.db));
  }

  /** Answers admins in private, and in groups that hear of things; nobody else learns anything. */
  private async answer(context: Context, parts: (work: UpdateWork) => Promise<Part[]>): Promise<void> {
    const work = workOf(context);
    const listener = await this.audience.find(context, work);
    if (listener !== null) await this.reply.say(work, listener, await parts(work));
    else if (context.chat?.type === 'private') {
      await this.reply.say(work, { chatId: context.chat.id, handle: null }, [{ text: ADMINS_ONLY }]);
    }
  }

  private async register(
    { tx }: UpdateWork,
    context: Context & { payload?: string },
    chat: { id: number; title?: string },
  ): Promise<string> {
    const speaker = context.from?.is_bot === false ? await this.speakers.find(tx, context.from.id) : null;
    if (speaker === null || !isAdmin(speaker)) return ADMINS_ONLY;
    switch (context.payload?.trim().toLowerCase()) {
      case 'here':
        await this.groups.register(tx.db, {
          chatId: chat.id,
          topicId: topicOf(context),
          title: chat.title ?? '',
          registeredBy: speaker.handle,
        });
        return ADMINS_HERE;
      case 'off':
        return (await this.groups.remove(tx.db, chat.id)) === null ? ADMINS_NOT_HERE : ADMINS_OFF;
      default:
        return ADMINS_USAGE;
    }
  }
}
