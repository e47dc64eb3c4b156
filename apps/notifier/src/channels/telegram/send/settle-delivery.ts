import { Injectable, Logger } from '@nestjs/common';
import { backOffMs, ServiceDatabase } from '@recert/bus';
import { type ClaimedDelivery } from '../../../messages/delivery';
import { AdminGroups } from '../../../chats/admin-groups';
import { DeliveryRepository } from '../../../messages/delivery.repository';
import { noteMessage } from '../../../messages/message-step';
import { LoseAccount } from '../accounts/lose-account';
import { type BotApiError } from '../bot-api-error';
import { MoveChat } from './move-chat';

/** Writes down what became of a delivery that Telegram refused. */
@Injectable()
export class SettleDelivery {
  private readonly log = new Logger('telegram');
  constructor(
    private readonly database: ServiceDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly accounts: LoseAccount,
    private readonly chats: MoveChat,
    private readonly groups: AdminGroups,
  ) {}

  /** Ends it, changes it for the next attempt, or puts it off. */
  async refused(delivery: ClaimedDelivery, error: BotApiError): Promise<void> {
    const db = this.database.dataSource.manager;
    const { failure } = error;
    switch (failure.kind) {
      case 'unchanged':
        await this.deliveries.markSent(db, delivery, delivery.messageId ?? 0);
        noteMessage(this.database, delivery, { state: 'done', error: null });
        return;
      case 'message-gone':
        await this.deliveries.sendAnew(db, delivery.id);
        return;
      case 'moved':
        await this.chats.move(delivery.chatId, failure.chatId);
        return this.putOff(delivery, 0, error);
      case 'topic-gone':
        return this.leaveTopic(delivery, error);
      case 'bad-link':
        if (delivery.attempts > 2) return this.fail(delivery, error);
        return this.deliveries.dropLinks(db, delivery.id);
      case 'flood':
        return this.putOff(delivery, failure.waitMs, error);
      case 'gone':
        return this.lose(delivery, failure.reason, error);
      case 'refused':
        // Nobody goes without the words because of a picture.
        if (delivery.kind === 'edit' && delivery.photo !== null) return this.deliveries.dropPhoto(db, delivery.id);
        return this.fail(delivery, error);
      case 'unauthorized':
      case 'conflict':
      case 'away':
        return this.putOff(delivery, backOffMs(delivery.attempts), error);
    }
  }

  private async putOff(delivery: ClaimedDelivery, delayMs: number, error: BotApiError): Promise<void> {
    await this.deliveries.putOff(this.database.dataSource.manager, delivery.id, delayMs, error.message);
    noteMessage(this.database, delivery, { state: 'retrying', error: error.message });
  }

  private async fail(delivery: ClaimedDelivery, error: BotApiError): Promise<void> {
    this.log.error(`The message ${delivery.id} was refused and cannot be sent: ${error.message}`);
    await this.database.transaction((tx) => this.deliveries.markFailed(tx.db, delivery, error.message));
    noteMessage(this.database, delivery, { state: 'failed', error: error.message });
  }

  private async leaveTopic(delivery: ClaimedDelivery, error: BotApiError): Promise<void> {
    const { chatId, topicId } = delivery;
    if (topicId === null) return this.fail(delivery, error);
    await this.database.transaction((tx) => this.groups.leaveTopic(tx, chatId, topicId));
    await this.putOff(delivery, 0, error);
  }

  /** The person cannot be reached here: their questions go to the admins, in the same transaction. */
  private async lose(delivery: ClaimedDelivery, reason: string, error: BotApiError): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.accounts.lose(tx, { chatId: delivery.chatId }, reason);
      await this.groups.lose(tx, delivery.chatId, reason);
      await this.deliveries.markFailed(tx.db, delivery, error.message);
    });
    noteMessage(this.database, delivery, { state: 'failed', error: error.message });
  }
}
