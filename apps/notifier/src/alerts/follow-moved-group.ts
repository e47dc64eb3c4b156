import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { AdminGroupRepository } from '../chats/admin-group.repository';
import { AlertMessageRepository } from './alert-message.repository';

/** A group of admins that has another id now hears of things there, also of the alerts that it knows. */
@Injectable()
export class FollowMovedGroup {
  constructor(
    private readonly groups: AdminGroupRepository,
    private readonly messages: AlertMessageRepository,
  ) {}

  async move(tx: Tx, from: number, to: number): Promise<void> {
    await this.groups.moveChat(tx.db, from, to);
    await this.messages.moveChat(tx.db, from, to);
  }
}
