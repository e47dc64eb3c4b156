import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Topic } from '../../messages/wake';
import { Leadership, type Lease } from './leadership';
import { ReceiveUpdates } from './receive/receive-updates';
import { DeliverySender } from './send/delivery-sender';
import { NoticeRunner } from './send/notice-runner';

/** What goes round for as long as a replica leads, and is woken by nobody. */
export const ROUNDS = Symbol('rounds');
export interface Round {
  /** Ends when the lease does; never rejects. */
  run(lease: Lease): Promise<void>;
}

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
    @Inject(ROUNDS) private readonly rounds: readonly Round[],
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
    const parts = [this.receiver, this.sender, this.notices, ...this.rounds];
    await Promise.all(parts.map((part) => part.run(lease)));
  }

  private wake(topic: Topic): void {
    if (topic === 'deliveries') this.sender.wake();
    if (topic === 'updates') this.receiver.wake();
    if (topic === 'notices') this.notices.wake();
  }
}
