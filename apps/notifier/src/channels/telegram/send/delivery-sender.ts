import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase, WakeSignal } from '@recert/bus';
import { type ClaimedDelivery } from '../../../messages/delivery';
import { DeliveryRepository } from '../../../messages/delivery.repository';
import { BotApiError, withoutToken } from '../bot-api-error';
import { type Lease } from '../leadership';
import { pause } from '../pause';
import { Pace } from './pace';
import { PaceRepository } from './pace.repository';
import { TryDelivery } from './try-delivery';

/** Only the safety net: whatever is to be sent wakes the sender. */
const POLL_MS = 5000;
/** A new message that is sent when the process dies is sent again, so there is never more than one of them. */
const SENDS_AT_ONCE = 1;
/** To edit twice is to edit once. */
const EDITS_AT_ONCE = 4;
/** Whoever waits for a chat to be free looks so often. */
const LOOK_AGAIN_MS = 20;
/** Whoever led before may have spoken a moment ago. */
const QUIET_AT_START_MS = 1000;

/** Sends what waits to be sent, as fast as Telegram allows and no faster. */
@Injectable()
export class DeliverySender {
  private readonly log = new Logger('telegram');
  private readonly signal = new WakeSignal();
  private readonly inHand = new Map<number, { kind: ClaimedDelivery['kind']; task: Promise<void> }>();
  /** Chats that are kept free for what is said between. */
  private readonly keptFree: number[] = [];
  private claiming: Promise<unknown> = Promise.resolve();
  private pace = new Pace();

  constructor(
    private readonly database: ServiceDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly paces: PaceRepository,
    private readonly attempt: TryDelivery,
  ) {}

  wake(): void {
    this.signal.wake();
  }

  /**
   * Says something that lies in no row, before what waits there for the same chat, as soon as Telegram allows it.
   * @param signal ends the waiting
   * @throws BotApiError
   */
  async sayBetween<T>(chatId: number, signal: AbortSignal, say: () => Promise<T>): Promise<T> {
    this.keptFree.push(chatId);
    try {
      // What is being claimed does not know of this yet.
      await this.claiming;
      while (!this.isFree(chatId)) await sleep(LOOK_AGAIN_MS, undefined, { signal });
      return await this.call(chatId, say);
    } finally {
      this.keptFree.splice(this.keptFree.indexOf(chatId), 1);
      this.signal.wake();
    }
  }

  async run(lease: Lease): Promise<void> {
    lease.signal.addEventListener('abort', () => this.signal.wake());
    let isReady = false;
    while (!lease.signal.aborted) {
      try {
        if (!isReady) await this.takeOver(lease);
        isReady = true;
        const asOf = performance.now();
        const putOffMs = await this.sendSome(lease, asOf);
        await this.signal.wait(Math.min(putOffMs ?? POLL_MS, this.untilNext(asOf)));
      } catch (error) {
        if (lease.signal.aborted) break;
        this.log.warn(`What is to be sent cannot be read, trying again: ${withoutToken(String(error))}`);
        await pause(1000, lease.signal);
      }
    }
    await Promise.all([...this.inHand.values()].map(({ task }) => task));
  }

  /** What the leader before had in hand is sent again; what it was told about pace holds. */
  private async takeOver({ db }: Lease): Promise<void> {
    this.pace = new Pace();
    const now = performance.now();
    this.pace.pauseAll(now + QUIET_AT_START_MS);
    const manager = this.database.dataSource.manager;
    for (const { chatId, leftMs } of await this.paces.load(manager)) {
      if (chatId === null) this.pace.pauseAll(now + leftMs);
      else this.pace.pauseChat(chatId, now + leftMs);
    }
    for (const { chatId, inThread, agoMs } of await this.paces.recent(manager)) {
      this.pace.end(this.pace.begin(chatId, inThread), now - agoMs);
    }
    await this.deliveries.takeBack(db, [...this.inHand.keys()], true);
  }

  /** @returns milliseconds until something that was put off may be tried again; null when there is no such thing */
  private async sendSome(lease: Lease, now: number): Promise<number | null> {
    const editing = [...this.inHand.values()].filter(({ kind }) => kind === 'edit').length;
    const limits = {
      busy: [...this.pace.busy(now), ...this.keptFree],
      crowded: this.pace.crowded(now),
      full: this.pace.full(now),
      sends: SENDS_AT_ONCE - (this.inHand.size - editing),
      edits: EDITS_AT_ONCE - editing,
      total: this.pace.free(now),
    };
    if (limits.total <= 0 || limits.sends + limits.edits <= 0) return null;
    const claim = this.deliveries.claim(lease.db, limits).then(({ claimed, nextMs }) => {
      for (const delivery of claimed) this.start(delivery, lease);
      return nextMs;
    });
    this.claiming = claim.catch(() => undefined);
    return claim;
  }

  private isFree(chatId: number): boolean {
    const now = performance.now();
    return this.pace.free(now) > 0 && !this.pace.busy(now).includes(chatId);
  }

  private async call<T>(chatId: number, say: () => Promise<T>): Promise<T> {
    const call = this.pace.begin(chatId);
    try {
      return await say();
    } catch (error) {
      const wait = error instanceof BotApiError && error.failure.kind === 'flood' ? error.failure.waitMs : 0;
      if (wait > 0) this.pace.pauseChat(chatId, performance.now() + wait);
      throw error;
    } finally {
      this.pace.end(call, performance.now());
    }
  }

  private start(delivery: ClaimedDelivery, lease: Lease): void {
    const task = this.attempt.deliver(delivery, this.pace, lease.signal).then(() => {
      this.inHand.delete(delivery.id);
      this.signal.wake();
    });
    this.inHand.set(delivery.id, { kind: delivery.kind, task });
  }

  /** @param asOf when it was looked what may be sent: what became allowed since then must not be slept over */
  private untilNext(asOf: number): number {
    const next = this.pace.nextChange(asOf);
    return next === null ? POLL_MS : Math.min(POLL_MS, Math.max(0, Math.ceil(next - performance.now())));
  }
}
