import { UseFilters } from '@nestjs/common';
import { Ctx, On, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { FindSpeaker } from '../accounts/find-speaker';
import { LoseAccount } from '../accounts/lose-account';
import { workOf } from '../receive/update-work';
import { Rethrow } from './rethrow.filter';

/** People who block the bot, and those who come back. */
@Update()
@UseFilters(new Rethrow())
export class MembershipUpdates {
  constructor(
    private readonly accounts: LoseAccount,
    private readonly speakers: FindSpeaker,
  ) {}

  @On('my_chat_member')
  async membership(@Ctx() context: Context): Promise<void> {
    const change = context.myChatMember;
    if (change?.chat.type !== 'private') return;
    const work = workOf(context);
    const { status } = change.new_chat_member;
    if (status === 'kicked' || status === 'left') {
      await this.accounts.lose(work.tx, { userId: change.chat.id }, 'blocked');
    } else await this.speakers.find(work.tx, change.chat.id);
  }
}
