import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { AlertRepository } from '../../alerts/alert.repository';
import { ApplySigns } from '../../alerts/apply-signs';
import { PollRepository } from './poll.repository';
import { SentryApi, TooManyRequests } from './sentry-api';
import { mayHaveNews, type Polled, signsOfPoll } from './signs-of-poll';

/** "Last seen" is written late: what was seen a little before the last poll may show only now. */
const OVERLAP_MS = 60_000;
const ISSUE_ID = /^\d{1,20}$/;

/**
 * Asks Sentry how things are, behind the back of its webhooks: it tells nobody when an outage recovers by itself, and
 * a webhook may be lost.
 */
@Injectable()
export class PollIssues {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly polls: PollRepository,
    private readonly sentry: SentryApi,
    private readonly alerts: AlertRepository,
    private readonly signs: ApplySigns,
  ) {}

  /**
   * Once, unless another replica is at it or has just been.
   * @param everyMs how long nobody asks again
   * @returns how many signs came of it; null when it was not our turn
   * @throws OperationalError when Sentry does not answer
   */
  async run(now: Date, everyMs: number): Promise<number | null> {
    return this.polls.alone(async () => {
      const state = await this.polls.read();
      if (state !== null && state.nextAt > now) return null;
      return this.poll(state?.askedUntil ?? null, now, everyMs);
    });
  }

  private async poll(askedUntil: Date | null, now: Date, everyMs: number): Promise<number> {
    const nextAt = new Date(now.getTime() + everyMs);
    const since = askedUntil === null ? null : new Date(askedUntil.getTime() - OVERLAP_MS);
    try {
      const signs = signsOfPoll(await this.ask(since, now));
      await this.database.transaction(async (tx) => {
        const origin = { source: 'sentry', hookId: null, receivedAt: now, productId: null };
        await this.signs.apply(tx, origin, signs);
        await this.polls.finish(tx, { askedUntil: now, nextAt });
      });
      return signs.length;
    } catch (error) {
      const waitMs = error instanceof TooManyRequests ? Math.max(error.waitMs, everyMs) : everyMs;
      await this.polls.putOff(new Date(now.getTime() + waitMs));
      throw error;
    }
  }

  private async ask(since: Date | null, askedAt: Date): Promise<Polled> {
    const open = await this.alerts.openOf('sentry');
    const ours = await this.sentry.issues([...open.keys()].filter((key) => ISSUE_ID.test(key)));
    const unresolved = await this.sentry.unresolved((page) => mayHaveNews(page, since));
    return { askedAt, since, unresolved, ours, open };
  }
}
