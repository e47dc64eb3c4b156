import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { AlertResolved } from '@recert/contracts';
import { ShowAlert } from './show-alert';

/** Whoever has seen an alert sees that it is over, and after how long. */
@Controller()
export class ShowEndWhenAlertIsResolved {
  constructor(private readonly alerts: ShowAlert) {}

  @OnEvent(AlertResolved, { durable: 'notifier.show-end-when-alert-is-resolved' })
  async handle(alert: AlertResolved, { tx }: Delivery): Promise<Outcome> {
    await this.alerts.resolved(tx, alert);
    return done;
  }
}
