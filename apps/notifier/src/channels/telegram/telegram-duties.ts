import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Topic } from '../../messages/wake';
import { CleanUp } from './clean-up';
import { Leadership, type Lease } from './leadership';
import { ReceiveUpdates } from './receive/receive-updates';
import { DeliverySender } from './send/delivery-sender';
import { NoticeRunner } from './send/notice-runner';
import { PromotionRunner } from './send/promotion-runner';

/** Everything that one replica does while it leads; starts with the process and ends before its database does. */
@Injectable()
export class TelegramDuties implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly leadership: Leadership,
    private readonly receiver: ReceiveUpdates,
    private readonly sender: DeliverySender,
    private readonly notices: NoticeRunner,
    private readonly promotions: PromotionRunner,
    private readonly cleanUp: CleanUp,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.leadership.run(
      (lease) => this.lead(lease),
      (topic) => this.wake(topic),
      this.stop.signal,
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async lead(lease: Lease): Promise<void> {
    const parts = [this.receiver, this.sender, this.notices, this.promotions, this.cleanUp];
    await Promise.all(parts.map((part) => part.run(lease)));
  }

  private wake(topic: Topic): void {
    if (topic === 'deliveries') this.sender.wake();
    if (topic === 'updates') this.receiver.wake();
    if (topic === 'notices') this.notices.wake();
  }
}
