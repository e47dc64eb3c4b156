import { Injectable } from '@nestjs/common';
import { backOffMs } from '@recert/bus';
import { type Update } from 'telegraf/types';
import { BotApi } from '../bot-api';
import { BotApiError } from '../bot-api-error';
import { type Lease } from '../leadership';
import { pause } from '../pause';
import { TelegramStatus } from '../telegram-status';
import { ALLOWED_UPDATES } from './allowed-updates';
import { IntroduceBot } from './introduce-bot';
import { UpdateIntake } from './update-intake';

const POLL_SECONDS = 30;
const GOOD_POLL_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** An empty answer that comes sooner is no long poll: something on the way ends it. */
const SUSPICIOUS_MS = 200;

/**
 * Fetches updates: asks, stores, commits, and only then asks for the next ones, which is what confirms these. The
 * offset is never taken from what was stored: after a quiet week Telegram begins anew with any number.
 */
@Injectable()
export class LongPoll {
  private failures = 0;
  private isIntroduced = false;
  /** What the next call confirms: everything below it is stored. Undefined when there is nothing to confirm. */
  private offset: number | undefined;

  constructor(
    private readonly api: BotApi,
    private readonly introduction: IntroduceBot,
    private readonly intake: UpdateIntake,
    private readonly status: TelegramStatus,
  ) {}

  async run({ signal }: Lease): Promise<void> {
    this.offset = undefined;
    this.isIntroduced = false;
    while (!signal.aborted) {
      try {
        await this.pollOnce(signal);
        this.failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        await this.recover(error, signal);
      }
    }
  }

  private async pollOnce(signal: AbortSignal): Promise<void> {
    if (!this.isIntroduced) await this.introduction.introduce(signal);
    this.isIntroduced = true;
    const began = performance.now();
    const updates = await this.getUpdates(signal);
    this.status.isWell();
    await this.intake.keep(updates);
    this.offset = updates.length === 0 ? undefined : Math.max(...updates.map((update) => update.update_id)) + 1;
    if (updates.length === 0 && performance.now() - began < SUSPICIOUS_MS) await pause(SUSPICIOUS_MS, signal);
  }

  private async getUpdates(signal: AbortSignal): Promise<Update[]> {
    // Whatever is wrong with a poll is said at once: one that waits is a good one.
    const isGood = setTimeout(() => this.status.isWell(), GOOD_POLL_MS);
    try {
      return await this.api.call(
        'getUpdates',
        {
          ...(this.offset === undefined ? {} : { offset: this.offset }),
          timeout: POLL_SECONDS,
          allowed_updates: ALLOWED_UPDATES,
        },
        { timeoutMs: (POLL_SECONDS + 15) * 1000, signal },
      );
    } finally {
      clearTimeout(isGood);
    }
  }

  private async recover(error: unknown, signal: AbortSignal): Promise<void> {
    this.failures += 1;
    const failure = error instanceof BotApiError ? error.failure : null;
    this.status.isIll(error instanceof Error ? error.message : String(error));
    if (failure?.kind === 'conflict' && failure.webhook) {
      // A webhook of an earlier set-up takes the updates; those that wait stay where they are.
      await this.api
        .call('deleteWebhook', { drop_pending_updates: false }, { timeoutMs: 10_000, signal })
        .catch(() => undefined);
    }
    if (failure?.kind === 'unauthorized') this.isIntroduced = false;
    const asked = failure?.kind === 'flood' ? failure.waitMs : 0;
    await pause(Math.max(asked, Math.min(backOffMs(this.failures) / 2, LONGEST_PAUSE_MS)), signal);
  }
}
