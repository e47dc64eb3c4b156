import { UseFilters } from '@nestjs/common';
import { Ctx, On, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { AdminGroups } from '../../../chats/admin-groups';
import { FindSpeaker } from '../accounts/find-speaker';
import { LoseAccount } from '../accounts/lose-account';
import { workOf } from '../receive/update-work';
import { Rethrow } from './rethrow.filter';

/** People who block the bot, and those who come back; groups that remove it. */
@Update()
@UseFilters(new Rethrow())
export class MembershipUpdates {
  constructor(
    private readonly accounts: LoseAccount,
    private readonly speakers: FindSpeaker,
    private readonly groups: AdminGroups,
  ) {}

  @On('my_chat_member')
  async membership(@Ctx() context: Context): Promise<void> {
    const change = context.myChatMember;
    if (change === undefined) return;
    const { status } = change.new_chat_member;
    const isGone = status === 'kicked' || status === 'left';
    if (change.chat.type !== 'private') {
      if (isGone) await this.groups.lose(workOf(context).tx, change.chat.id, 'kicked');
      return;
    }
    const work = workOf(context);
    if (isGone) {
      await this.accounts.lose(work.tx, { userId: change.chat.id }, 'blocked');
    } else await this.speakers.find(work.tx, change.chat.id);
  }
}
