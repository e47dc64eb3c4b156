import { UseFilters } from '@nestjs/common';
import { Ctx, On, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { FindSpeaker } from '../accounts/find-speaker';
import { workOf } from '../receive/update-work';
import { MoveChat } from '../send/move-chat';
import { HELP, howToLink } from './phrases';
import { Reply } from './reply';
import { Rethrow } from './rethrow.filter';

/** Whatever else people write. Registered last: it takes what nobody else took. */
@Update()
@UseFilters(new Rethrow())
export class OtherUpdates {
  constructor(
    private readonly speakers: FindSpeaker,
    private readonly chats: MoveChat,
    private readonly reply: Reply,
  ) {}

  @On('message')
  async other(@Ctx() context: Context): Promise<void> {
    const { chat, from, message } = context;
    if (chat === undefined || message === undefined) return;
    if ('migrate_to_chat_id' in message) {
      await this.chats.moveIn(workOf(context).tx, chat.id, message.migrate_to_chat_id);
      return;
    }
    if (chat.type !== 'private' || from === undefined || from.is_bot) return;
    const work = workOf(context);
    const speaker = await this.speakers.find(work.tx, from.id);
    const text = speaker === null ? `${howToLink(from.id)}\n\n${HELP}` : HELP;
    await this.reply.say(work, { chatId: chat.id, handle: speaker?.handle ?? null }, [{ text }]);
  }
}
