import { Injectable } from '@nestjs/common';
import { AlertRaised, AlertResolved } from '@recert/contracts';
import { Clock, DueTimer } from '@recert/service-kit';
import { AlertRepository } from './alert.repository';
import { RaiseAgainWhenNobodyAcknowledges } from './raise-again-when-nobody-acknowledges';

/** Looks at the alerts when the first of them has to be looked at. */
@Injectable()
export class AlertTimer extends DueTimer {
  readonly task = { id: 'alert-relay.alert-timer', emits: [AlertRaised, AlertResolved] };
  constructor(
    private readonly due: RaiseAgainWhenNobodyAcknowledges,
    private readonly alerts: AlertRepository,
    clock: Clock,
  ) {
    super(clock);
  }

  protected nextWakeAt(): Promise<Date | null> {
    return this.alerts.nextWakeAt();
  }

  protected lookAtDue(goesOn: () => boolean): Promise<number> {
    return this.due.run(goesOn);
  }
}
