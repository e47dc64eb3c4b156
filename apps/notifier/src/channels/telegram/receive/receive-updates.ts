import { Inject, Injectable } from '@nestjs/common';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../../../config';
import { type Lease } from '../leadership';
import { TelegramStatus } from '../telegram-status';
import { IntroduceBot } from './introduce-bot';
import { LongPoll } from './long-poll';
import { UpdateWorker } from './update-worker';
import { Webhook } from './webhook';

/** The way in: updates are fetched or brought, and handled once they are stored. */
@Injectable()
export class ReceiveUpdates {
  constructor(
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
    private readonly introduction: IntroduceBot,
    private readonly longPoll: LongPoll,
    private readonly webhook: Webhook,
    private readonly worker: UpdateWorker,
    private readonly status: TelegramStatus,
  ) {}

  wake(): void {
    this.worker.wake();
  }

  async run(lease: Lease): Promise<void> {
    await this.introduction.recall();
    const source = this.config.TELEGRAM_WEBHOOK_URL === undefined ? this.longPoll : this.webhook;
    await Promise.all([source.run(lease), this.worker.run(lease)]);
    this.status.standsBy();
  }
}
