import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { backOffMs } from '@recert/bus';
import { sha256 } from '@recert/service-kit';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../../../config';
import { BotApi } from '../bot-api';
import { type Lease } from '../leadership';
import { pause } from '../pause';
import { TelegramStatus } from '../telegram-status';
import { ALLOWED_UPDATES } from './allowed-updates';
import { IntroduceBot } from './introduce-bot';

const TIMEOUT_MS = 10_000;
/** Somebody else with the token could have moved the webhook: it is set anew this often. */
const SET_AGAIN_MS = 300_000;
const LONGEST_PAUSE_MS = 30_000;

/** Tells Telegram where to bring updates, and sees to it that this stays so. */
@Injectable()
export class Webhook {
  constructor(
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
    private readonly api: BotApi,
    private readonly introduction: IntroduceBot,
    private readonly status: TelegramStatus,
  ) {}

  async run({ signal }: Lease): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.introduction.introduce(signal);
        await this.setWebhook(signal);
        this.status.isWell();
        failures = 0;
        await pause(SET_AGAIN_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        this.status.isIll(error instanceof Error ? error.message : String(error));
        await pause(Math.min(backOffMs(failures) / 2, LONGEST_PAUSE_MS), signal);
      }
    }
  }

  private async setWebhook(signal: AbortSignal): Promise<void> {
    const url = this.config.TELEGRAM_WEBHOOK_URL ?? '';
    await this.api.call(
      'setWebhook',
      { url, secret_token: webhookSecret(this.config), allowed_updates: ALLOWED_UPDATES },
      { timeoutMs: TIMEOUT_MS, signal },
    );
  }
}

/** Proves that a request comes from Telegram: nobody without the token can know it. */
export function webhookSecret({ TELEGRAM_BOT_TOKEN }: NotifierConfig): string {
  return createHmac('sha256', TELEGRAM_BOT_TOKEN ?? '')
    .update('recert telegram webhook')
    .digest('base64url');
}

export function isWebhookSecret(config: NotifierConfig, given: string | undefined): boolean {
  return timingSafeEqual(sha256(webhookSecret(config)), sha256(given ?? ''));
}
