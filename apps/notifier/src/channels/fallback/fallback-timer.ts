import { Inject, Injectable, Logger } from '@nestjs/common';
import { operationalBackOffMs, ServiceDatabase } from '@recert/bus';
import { Clock, DueTimer } from '@recert/service-kit';
import { type ClaimedFallback, FallbackRefused, type FallbackWay } from './fallback-delivery';
import { FALLBACK_WAYS } from './fallback-ways';
import { FallbackRepository } from './fallback.repository';

/** What is no news of an outage is of no use an hour later: after so many tries it has failed. */
const MOST_TRIES = 5;

/** Sends what lies in `fallback_delivery`, on each way one after the other. */
@Injectable()
export class FallbackTimer extends DueTimer {
  readonly task = { id: 'notifier.fallback-timer', emits: [] };
  private readonly said = new Logger('fallback');

  constructor(
    private readonly database: ServiceDatabase,
    private readonly rows: FallbackRepository,
    @Inject(FALLBACK_WAYS) private readonly ways: readonly FallbackWay[],
    private readonly time: Clock,
  ) {
    super(time);
  }

  protected async nextWakeAt(): Promise<Date | null> {
    if (this.ways.length === 0) return null;
    return this.rows.nextAt(
      this.database.dataSource.manager,
      this.ways.map(({ way }) => way),
    );
  }

  /** One that is slow holds up no other way. */
  protected async lookAtDue(goesOn: () => boolean): Promise<number> {
    const sent = await Promise.all(this.ways.map((way) => this.sendOn(way, goesOn)));
    return sent.reduce((sum, count) => sum + count, 0);
  }

  private async sendOn(way: FallbackWay, goesOn: () => boolean): Promise<number> {
    const db = this.database.dataSource.manager;
    for (let sent = 0; ; sent += 1) {
      const message = goesOn() ? await this.rows.claim(db, way.way, this.time.now()) : null;
      if (message === null) return sent;
      await this.deliver(way, message);
    }
  }

  /** A crash before the mark sends it again. */
  private async deliver(way: FallbackWay, message: ClaimedFallback): Promise<void> {
    const db = this.database.dataSource.manager;
    const failure = await way.send(message).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    if (failure === null) return this.rows.markSent(db, message.id, this.time.now());
    const isOver = failure instanceof FallbackRefused || (message.kind !== 'news' && message.attempts >= MOST_TRIES);
    if (isOver) {
      this.said.error(`The message ${message.id} cannot be sent by ${way.way}: ${failure.message}`);
      return this.rows.markFailed(db, message.id, failure.message);
    }
    this.said.warn(`${failure.message}; trying again`);
    const until = new Date(this.time.now().getTime() + operationalBackOffMs(message.attempts));
    return this.rows.putOff(db, message.id, until, failure.message);
  }
}
