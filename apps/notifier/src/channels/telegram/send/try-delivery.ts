import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOperational, ServiceDatabase } from '@recert/bus';
import { type ClaimedDelivery } from '../../../messages/delivery';
import { DeliveryRepository } from '../../../messages/delivery.repository';
import { noteMessage, tellMessagesAgain } from '../../../messages/message-step';
import { BotApiError, withoutToken } from '../bot-api-error';
import { type InThread, type Pace } from './pace';
import { PaceRepository } from './pace.repository';
import { SendMessage } from './send-message';
import { SettleDelivery } from './settle-delivery';

/** A few failures in a row are no chance: the whole of Telegram is away, and is left alone for a while. */
const AWAY_IN_A_ROW = 3;
const LONGEST_SILENCE_MS = 15_000;
const WRITE_AGAIN_MS = 500;
/** Tries to write down what became of it once the lease is over, or when the database refuses: it is sent again then. */
const LAST_TRIES = 5;

/** Takes one delivery to its end, or to its next attempt. */
@Injectable()
export class TryDelivery {
  private readonly log = new Logger('telegram');
  private awayInARow = 0;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly paces: PaceRepository,
    private readonly sender: SendMessage,
    private readonly outcome: SettleDelivery,
  ) {
    tellMessagesAgain(database);
  }

  /** Never rejects: what cannot be sent now waits in its row. */
  async deliver(delivery: ClaimedDelivery, pace: Pace, lease: AbortSignal): Promise<void> {
    const call = pace.begin(delivery.chatId, inThread(delivery));
    const began = performance.now();
    try {
      const messageId = await this.sender.send(delivery);
      const tookMs = performance.now() - began;
      pace.end(call, performance.now());
      pace.gotThrough();
      this.awayInARow = 0;
      const db = this.database.dataSource.manager;
      await this.write(() => this.deliveries.markSent(db, delivery, messageId), lease);
      noteMessage(this.database, delivery, { state: 'done', error: null, tookMs });
    } catch (error) {
      pace.end(call, performance.now());
      await this.refused(delivery, asBotApiError(error), pace, lease);
    }
  }

  private async refused(delivery: ClaimedDelivery, error: BotApiError, pace: Pace, lease: AbortSignal): Promise<void> {
    const now = performance.now();
    const { failure } = error;
    if (failure.kind === 'flood') {
      const chatId = pace.pause(delivery.chatId, failure.waitMs, now);
      this.log.warn(`Told to wait ${failure.waitMs / 1000} s${chatId === null ? '' : ` in chat ${chatId}`}`);
      await this.write(() => this.paces.keep(this.database.dataSource.manager, chatId, failure.waitMs), lease);
    }
    const isAway = failure.kind === 'away' || failure.kind === 'unauthorized' || failure.kind === 'conflict';
    this.awayInARow = isAway ? this.awayInARow + 1 : 0;
    const excess = this.awayInARow - AWAY_IN_A_ROW;
    if (excess >= 0) pace.pauseAll(now + Math.min(1000 * 2 ** excess, LONGEST_SILENCE_MS));
    await this.write(() => this.outcome.refused(delivery, error), lease);
  }

  /** What happened outside must be written down, however long the database is away. */
  private async write(work: () => Promise<void>, lease: AbortSignal): Promise<void> {
    for (let lastTries = 0; lastTries < LAST_TRIES;) {
      try {
        await work();
        return;
      } catch (error) {
        this.log.warn(`What became of a message cannot be written down, trying again: ${withoutToken(String(error))}`);
        if (lease.aborted || !isOperational(error)) lastTries += 1;
        await sleep(WRITE_AGAIN_MS);
      }
    }
  }
}

function inThread({ thread, kind }: ClaimedDelivery): InThread {
  if (thread === null) return null;
  return kind === 'edit' ? 'edit' : 'new';
}

function asBotApiError(error: unknown): BotApiError {
  return error instanceof BotApiError ? error : new BotApiError({ kind: 'away' }, withoutToken(String(error)));
}
