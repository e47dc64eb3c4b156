import { Inject, UseFilters } from '@nestjs/common';
import { Command, Ctx, Help, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { isAdmin, type Person } from '../../../people/person';
import { ProcessRepository } from '../../../processes/process.repository';
import { ASKING_RULES, dayIn, type AskingRules } from '../../../questions/asking-rules';
import { RepeatQuestions } from '../../../questions/repeat-questions';
import { FindSpeaker } from '../accounts/find-speaker';
import { type UpdateWork, workOf } from '../receive/update-work';
import { AdminAudience } from './admin-audience';
import { HELP, howToLink, ownedList, ownId, standingText, waitingText } from './phrases';
import { Reply } from './reply';
import { Rethrow } from './rethrow.filter';

/** What a person may ask of the bot, in private. */
@Update()
@UseFilters(new Rethrow())
export class CommandUpdates {
  constructor(
    private readonly speakers: FindSpeaker,
    private readonly processes: ProcessRepository,
    private readonly questions: RepeatQuestions,
    private readonly reply: Reply,
    private readonly audience: AdminAudience,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  @Help()
  async help(@Ctx() context: Context): Promise<void> {
    await this.answer(context, async (_work, speaker) => `${HELP}\n\n${ownId(speaker.telegram?.userId ?? 0)}`);
  }

  @Command('mine')
  async mine(@Ctx() context: Context): Promise<void> {
    await this.answer(context, async ({ tx }, speaker) => {
      const owned = await this.processes.ownedBy(tx.db, speaker.handle);
      const parts = ownedList(owned, (instant) => dayIn(this.rules.zone, instant));
      return parts.map((part) => part.text).join('');
    });
  }

  /** The questions that wait are asked again, right below. */
  @Command('due')
  async due(@Ctx() context: Context): Promise<void> {
    await this.answer(context, async ({ tx }, speaker) => {
      const { waiting, repeated } = await this.questions.repeat(tx, speaker);
      return waitingText(waiting, repeated);
    });
  }

  @Command('status')
  async status(@Ctx() context: Context): Promise<void> {
    if (context.chat?.type !== 'private') return this.statusInGroup(context);
    await this.answer(context, async ({ tx }, speaker) => {
      const all = isAdmin(speaker);
      const standing = standingText(await this.processes.standing(tx.db, all ? null : speaker.handle), all);
      return all ? `${standing}\n\n${await this.audience.openAlerts(tx)}` : standing;
    });
  }

  private async statusInGroup(context: Context): Promise<void> {
    const work = workOf(context);
    const group = await this.audience.find(context, work);
    if (group === null) return;
    const standing = standingText(await this.processes.standing(work.tx.db, null), true);
    await this.reply.say(work, group, [{ text: `${standing}\n\n${await this.audience.openAlerts(work.tx)}` }]);
  }

  private async answer(context: Context, text: (work: UpdateWork, speaker: Person) => Promise<string>): Promise<void> {
    const { chat, from } = context;
    if (chat?.type !== 'private' || from === undefined || from.is_bot) return;
    const work = workOf(context);
    const speaker = await this.speakers.find(work.tx, from.id);
    const said = speaker === null ? `${howToLink(from.id)}\n\n${HELP}` : await text(work, speaker);
    await this.reply.say(work, { chatId: chat.id, handle: speaker?.handle ?? null }, [{ text: said }]);
  }
}
