import { Injectable } from '@nestjs/common';
import { newEventId, type Tx } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { type Alert, wakeOf } from './alert';
import { AlertTimer } from './alert-timer';
import { AlertRepository } from './alert.repository';
import { announceAlert } from './announce-alert';
import { decideAlert } from './decide-alert';
import { type AlertCommand, type Decision } from './decision';

/** The one way in which an alert changes: decided, saved, published, and what it held back let go. */
@Injectable()
export class ChangeAlert {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly timer: AlertTimer,
    private readonly clock: Clock,
  ) {}

  /** @param known as it is locked in this transaction; null for a key without an alert */
  async apply(tx: Tx, known: Alert | null, command: AlertCommand): Promise<Decision> {
    const now = this.clock.now();
    const decision = decideAlert(known, command, { now, newId: newEventId(now) });
    if (decision.type === 'nothing') return decision;
    await this.alerts.save(tx, decision.alert);
    announceAlert(tx, decision);
    tx.afterCommit(() => this.timer.expect(wakeOf(decision.alert)));
    const isOutageOver = decision.type === 'resolved' && decision.alert.kind === 'uptime';
    if (isOutageOver) await this.release(tx, decision.alert.id);
    return decision;
  }

  /** What still fires when the outage is over was not explained by it. */
  private async release(tx: Tx, outageId: string): Promise<void> {
    for (const held of await this.alerts.lockHeldBy(tx, outageId)) await this.apply(tx, held, { type: 'release' });
  }
}
