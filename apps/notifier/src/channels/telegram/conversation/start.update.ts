import { Inject, UseFilters } from '@nestjs/common';
import { Ctx, Start, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { ProcessRepository } from '../../../processes/process.repository';
import { ASKING_RULES, dayIn, type AskingRules } from '../../../questions/asking-rules';
import { FindSpeaker } from '../accounts/find-speaker';
import { LinkAccount, type Linked } from '../accounts/link-account';
import { type UpdateWork, workOf } from '../receive/update-work';
import { HELP, howToLink, MOVED_AWAY, ONLY_IN_PRIVATE, ownId, UNKNOWN_CODE, welcome } from './phrases';
import { Reply } from './reply';
import { Rethrow } from './rethrow.filter';
import { SayLogin } from './say-login';

/** The event of an invitation is mostly a moment away: before this an unknown code is not called unknown. */
const CODE_PATIENCE_MS = 3000;
const LOOK_AGAIN_MS = 200;
/** What an invitation's code looks like; anything else is not worth waiting for. */
const CODE = /^[A-Za-z0-9_-]{16,64}$/;

/** `/start`, alone or with the code of an invitation. */
@Update()
@UseFilters(new Rethrow())
export class StartUpdates {
  constructor(
    private readonly accounts: LinkAccount,
    private readonly speakers: FindSpeaker,
    private readonly logins: SayLogin,
    private readonly processes: ProcessRepository,
    private readonly reply: Reply,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  @Start()
  async start(@Ctx() context: Context & { payload?: string }): Promise<void> {
    const { chat, from } = context;
    if (chat === undefined || from === undefined || from.is_bot) return;
    const code = context.payload?.trim() ?? '';
    const work = workOf(context);
    if (chat.type !== 'private') {
      if (code !== '') await this.reply.say(work, { chatId: chat.id, handle: null }, [{ text: ONLY_IN_PRIVATE }]);
      return;
    }
    const account = { userId: from.id, chatId: chat.id };
    if (code === '') await this.greet(work, account);
    else await this.link(work, code, account);
  }

  private async greet(work: UpdateWork, { userId, chatId }: Account): Promise<void> {
    const speaker = await this.speakers.find(work.tx, userId);
    const text = speaker === null ? `${HELP}\n\n${howToLink(userId)}` : HELP;
    await this.reply.say(work, { chatId, handle: speaker?.handle ?? null }, [{ text }]);
  }

  private async link(work: UpdateWork, code: string, account: Account): Promise<void> {
    const linked = await this.accounts.link(work.tx, code, account);
    if (linked.kind === 'unknown' && CODE.test(code) && Date.now() - work.receivedAt.getTime() < CODE_PATIENCE_MS) {
      work.postponeMs = LOOK_AGAIN_MS;
      return;
    }
    if (linked.kind === 'linked') return this.welcome(work, linked);
    if (linked.kind === 'unknown') await this.accounts.noteUnknown(work.tx, code, account.userId, work.id);
    const sentence = linked.kind === 'unknown' ? UNKNOWN_CODE : linked.sentence;
    const speaker = await this.speakers.find(work.tx, account.userId);
    const text = speaker === null ? `${sentence} ${ownId(account.userId)}` : sentence;
    await this.reply.say(work, { chatId: account.chatId, handle: speaker?.handle ?? null }, [{ text }]);
  }

  private async welcome(work: UpdateWork, { person, oldChatId }: Linked & { kind: 'linked' }): Promise<void> {
    if (person.telegram === null) return;
    const owned = await this.processes.ownedBy(work.tx.db, person.handle);
    const parts = welcome(person.name, owned, (instant) => dayIn(this.rules.zone, instant), this.logins.isPossible);
    await this.reply.say(work, { chatId: person.telegram.chatId, handle: person.handle }, parts);
    // The invitation opens the console, too.
    if (this.logins.isPossible) await this.logins.say(work, person, person.telegram.chatId);
    if (oldChatId !== null) await this.reply.say(work, { chatId: oldChatId, handle: null }, [{ text: MOVED_AWAY }]);
  }
}

interface Account {
  readonly userId: number;
  readonly chatId: number;
}
