import { Inject, Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { SubscriptionDisabled } from '@recert/contracts';
import { Clock, DueTimer } from '@recert/service-kit';
import { NotReached, postOutside, REACH, type OutsideAnswer, type Reach } from '../outside/post-outside';
import { decideAfterSend, type Attempted } from './decide-after-send';
import { DeliveryRepository, type ClaimedDelivery } from './delivery.repository';
import { messageId, signedHeaders } from './sign';
import { originOf, secretsAt } from './subscription';

const TIMEOUT_MS = 15_000;

/**
 * Sends what is due, of every subscription beside the others: a slow receiver holds up its own lane alone. A process
 * that dies between sending and marking sends it again, under the same id.
 */
@Injectable()
export class SendDeliveries extends DueTimer {
  readonly task = { id: 'registry.send-deliveries', emits: [SubscriptionDisabled] };
  private readonly logger = new Logger('subscriptions');
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly database: ServiceDatabase,
    private readonly deliveries: DeliveryRepository,
    @Inject(REACH) private readonly reach: Reach,
    private readonly time: Clock,
  ) {
    super(time);
  }

  protected nextWakeAt(): Promise<Date | null> {
    return this.deliveries.nextAt();
  }

  protected async lookAtDue(): Promise<number> {
    const now = this.time.now();
    const takenBack = await this.deliveries.takeBack(now);
    const claimed = await this.deliveries.claim(now);
    for (const delivery of claimed) {
      const sending = this.send(delivery).finally(() => {
        this.underWay.delete(sending);
        this.expect(this.time.now());
      });
      this.underWay.add(sending);
    }
    return takenBack + claimed.length;
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    this.stopping.abort();
    await Promise.all(this.underWay);
  }

  /** Never rejects. */
  private async send(claimed: ClaimedDelivery): Promise<void> {
    try {
      const attempted = await this.attempt(claimed);
      if (attempted.error !== null && this.stopping.signal.aborted) await this.deliveries.giveBack(claimed);
      else await this.settle(claimed, attempted);
    } catch (error) {
      // Its lease will end, and then it is sent again.
      this.logger.warn(`What became of a delivery cannot be written down: ${String(error)}`);
    }
  }

  private async attempt(claimed: ClaimedDelivery): Promise<Attempted> {
    const { url, body, eventId, subscriptionId } = claimed;
    const at = this.time.now();
    const signed = { id: messageId(eventId, subscriptionId), at, body };
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'recert',
      ...signedHeaders(signed, secretsAt(at, claimed)),
    };
    try {
      const posting = { url, headers, body, timeoutMs: TIMEOUT_MS, signal: this.stopping.signal };
      const answer = await postOutside(posting, this.reach);
      return { status: answer.status, error: faultOf(answer), retryAfter: answer.retryAfter };
    } catch (error) {
      if (!(error instanceof NotReached)) throw error;
      return { status: null, error: error.message, retryAfter: null };
    }
  }

  private async settle(claimed: ClaimedDelivery, attempted: Attempted): Promise<void> {
    const now = this.time.now();
    if (attempted.error === null) return this.deliveries.markSent(claimed, attempted.status ?? 0, now);
    await this.database.transaction((tx) => this.fail(tx, claimed, attempted, now));
  }

  private async fail(tx: Tx, claimed: ClaimedDelivery, attempted: Attempted, now: Date): Promise<void> {
    const { subscriptionId } = claimed;
    const owner = await this.deliveries.lockOwner(tx, subscriptionId);
    if (owner === null) return;
    const before = { attempts: claimed.attempts, failingSince: owner.failingSince };
    const decision = decideAfterSend(before, attempted, now, Math.random());
    if (decision.kind === 'sent') return;
    // Of those that were on their way at once, the first one disables it.
    const failed = { ...decision, disables: decision.disables && owner.state === 'active' };
    await this.deliveries.markFailed(tx, claimed, attempted.status, failed, now);
    await this.deliveries.noteFailure(tx, subscriptionId, failed, now);
    if (!failed.disables) return;
    tx.publish(SubscriptionDisabled, {
      subscriptionId,
      version: owner.disabledTimes + 1,
      name: owner.name,
      address: originOf(owner.url),
      failingSince: failed.failingSince.toISOString(),
      error: failed.error,
      at: now.toISOString(),
    });
  }
}

/** @returns null for what counts as taken */
function faultOf({ status, redirectsTo, hint }: OutsideAnswer): string | null {
  if (status >= 200 && status <= 299) return null;
  if (redirectsTo !== null)
    return `it answered ${status} and leads to ${redirectsTo}: redirects are not followed, write the final address`;
  return hint === '' ? `it answered ${status}` : `it answered ${status}: ${hint}`;
}
