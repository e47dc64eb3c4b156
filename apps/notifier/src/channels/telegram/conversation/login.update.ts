import { UseFilters } from '@nestjs/common';
import { Command, Ctx, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { FindSpeaker } from '../accounts/find-speaker';
import { workOf } from '../receive/update-work';
import { topicOf } from './admin-audience';
import { howToLink, LOGIN_IN_PRIVATE } from './phrases';
import { Reply } from './reply';
import { Rethrow } from './rethrow.filter';
import { SayLogin } from './say-login';

/** `/login`: a link into the console, for whoever is linked. */
@Update()
@UseFilters(new Rethrow())
export class LoginUpdates {
  constructor(
    private readonly speakers: FindSpeaker,
    private readonly logins: SayLogin,
    private readonly reply: Reply,
  ) {}

  @Command('login')
  async login(@Ctx() context: Context): Promise<void> {
    const { chat, from } = context;
    if (chat === undefined || chat.type === 'channel' || from === undefined || from.is_bot) return;
    const work = workOf(context);
    if (chat.type !== 'private') {
      const here = { chatId: chat.id, handle: null, topicId: topicOf(context) };
      await this.reply.say(work, here, [{ text: LOGIN_IN_PRIVATE }]);
      return;
    }
    const speaker = await this.speakers.find(work.tx, from.id);
    if (speaker !== null) await this.logins.say(work, speaker, chat.id);
    else await this.reply.say(work, { chatId: chat.id, handle: null }, [{ text: howToLink(from.id) }]);
  }
}
