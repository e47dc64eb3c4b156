import { Injectable } from '@nestjs/common';
import { Priority } from '../../../messages/delivery';
import { DeliveryRepository } from '../../../messages/delivery.repository';
import { compose, type Part } from '../../../messages/rich-text';
import { Wake } from '../../../messages/wake';
import { type UpdateWork } from '../receive/update-work';

/** Who writes faster than a chat may be answered is not answered any more, until what waits was said. */
const MAX_WAITING = 10;

/** To whom something is said. */
export interface Listener {
  readonly chatId: number;
  /** Handle of the person; null when nobody has introduced them. */
  readonly handle: string | null;
  /** The topic of a forum, where it is in one. */
  readonly topicId?: number | null;
}

/** Says something in a chat, as part of the update that it answers. */
@Injectable()
export class Reply {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly wake: Wake,
  ) {}

  async say(work: UpdateWork, { chatId, handle, topicId = null }: Listener, parts: readonly Part[]): Promise<void> {
    const { tx } = work;
    if ((await this.deliveries.waitingFor(tx.db, chatId)) >= MAX_WAITING) return;
    await this.deliveries.send(tx, {
      recipient: handle,
      chatId,
      topicId,
      priority: Priority.reply,
      message: { ...compose(parts), buttons: [] },
      question: null,
      dedupeKey: work.nextReplyKey(),
    });
    this.wake.afterCommit(tx, 'deliveries');
  }
}
