import { Injectable, Logger } from '@nestjs/common';
import { PromoteAlerts } from '../../../alerts/promote-alerts';
import { type Lease } from '../leadership';
import { pause } from '../pause';

const EVERY_MS = 5000;

/** Looks whether there is room by now for urgent alerts that a storm left without a message of their own. */
@Injectable()
export class PromotionRunner {
  private readonly log = new Logger('telegram');

  constructor(private readonly alerts: PromoteAlerts) {}

  async run({ signal }: Lease): Promise<void> {
    while (!signal.aborted) {
      await pause(EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        await this.alerts.promote();
      } catch (error) {
        this.log.warn(`Urgent alerts cannot be looked through, trying again: ${String(error)}`);
      }
    }
  }
}
