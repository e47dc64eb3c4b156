import { Controller } from '@nestjs/common';
import { type Delivery, done, drop, OnEvent, type Outcome } from '@recert/bus';
import { AlertRaised, AlertResolved, AlertAcknowledged } from '@recert/contracts';
import { AlertRepository } from './alert.repository';
import { ChangeAlert } from './change-alert';
import { type AlertCommand } from './decision';

/** A press that comes too late, such as on what is over already, changes nothing. */
@Controller()
export class ApplyPressWhenAlertIsAcknowledged {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly change: ChangeAlert,
  ) {}

  @OnEvent(AlertAcknowledged, {
    durable: 'alert-relay.apply-press-when-alert-is-acknowledged',
    emits: [AlertRaised, AlertResolved],
  })
  async handle(press: AlertAcknowledged, { tx }: Delivery): Promise<Outcome> {
    const known = await this.alerts.lock(tx, press.alertId);
    if (known === null) return drop(`there is no alert ${press.alertId}`);
    await this.change.apply(tx, known, commandOf(press));
    return done;
  }
}

function commandOf({ action, by, at, until }: AlertAcknowledged): AlertCommand {
  const who = { by, at: new Date(at) };
  if (action === 'snooze') return { type: 'snooze', ...who, until: until === null ? null : new Date(until) };
  return { type: action, ...who };
}
