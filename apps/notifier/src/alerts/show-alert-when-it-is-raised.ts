import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { AlertRaised } from '@recert/contracts';
import { ShowAlert } from './show-alert';

/** Admins see an alert as it is: a message when it is loud, an edit of it when it is not. */
@Controller()
export class ShowAlertWhenItIsRaised {
  constructor(private readonly alerts: ShowAlert) {}

  @OnEvent(AlertRaised, { durable: 'notifier.show-alert-when-it-is-raised' })
  async handle(alert: AlertRaised, { tx }: Delivery): Promise<Outcome> {
    await this.alerts.raised(tx, alert);
    return done;
  }
}
