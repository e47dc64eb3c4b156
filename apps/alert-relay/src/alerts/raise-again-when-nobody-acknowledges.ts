import { Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { Clock, inBatches } from '@recert/service-kit';
import { AlertRepository } from './alert.repository';
import { type Alert } from './alert';
import { announceAlert } from './announce-alert';
import { decideAlert } from './decide-alert';

/** Rows of one transaction. */
const BATCH = 100;
const POISONED_PAUSE_MS = 3_600_000;

/** Says again what nobody has acknowledged in time, and what fires still when its snooze ends. */
@Injectable()
export class RaiseAgainWhenNobodyAcknowledges {
  private readonly log = new Logger(RaiseAgainWhenNobodyAcknowledges.name);

  constructor(
    private readonly database: ServiceDatabase,
    private readonly alerts: AlertRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Until nothing more is due that no other replica has in hand.
   * @param mayGoOn asked before each batch
   * @returns how many alerts were looked at
   */
  async run(mayGoOn: () => boolean = () => true): Promise<number> {
    return inBatches(BATCH, mayGoOn, () => this.database.transaction((tx) => this.batch(tx)));
  }

  private async batch(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const due = await this.alerts.claimDue(tx, now, BATCH);
    for (const alert of due) await this.raiseAgain(tx, alert, now);
    return due.length;
  }

  private async raiseAgain(tx: Tx, alert: Alert, now: Date): Promise<void> {
    const decision = decideAlert(alert, { type: 'tick' }, { now, newId: alert.id });
    // Saved in any case, so that it is not woken by the same time again.
    if (decision.type === 'nothing') return this.alerts.save(tx, alert);
    try {
      announceAlert(tx, decision);
    } catch (error) {
      // One that cannot be told must not stop the others, nor come back at once.
      this.log.error({ alertId: alert.id, err: error }, 'An alert cannot be raised again, trying again in an hour');
      return this.alerts.postpone(tx, alert.id, new Date(now.getTime() + POISONED_PAUSE_MS));
    }
    await this.alerts.save(tx, decision.alert);
  }
}
