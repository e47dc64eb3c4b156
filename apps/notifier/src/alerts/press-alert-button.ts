import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { AlertAcknowledged } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { type AlertAction, refusalOf, UNKNOWN_BUTTON, wishOf } from './alert-buttons';
import { AlertRepository } from './alert.repository';

/** Takes what somebody wants of an alert. What comes of it, the relay decides and says. */
@Injectable()
export class PressAlertButton {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly clock: Clock,
  ) {}

  /** @returns null when the press was taken, else the sentence that says why it was not */
  async press(tx: Tx, of: { nonce: string; action: AlertAction; userId: number }): Promise<string | null> {
    const pressed = await this.alerts.pressed(tx.db, of.nonce, of.userId);
    if (pressed === null) return UNKNOWN_BUTTON;
    const now = this.clock.now();
    const refusal = refusalOf(pressed, of.action, now);
    if (refusal !== null || pressed.presser === null) return refusal;
    const by = pressed.presser.handle;
    await this.alerts.noteWish(tx.db, pressed.alertId, { action: of.action, by, at: now });
    const { alertId } = pressed;
    const wish = wishOf(of.action, now);
    tx.publish(AlertAcknowledged, { alertId, ...wish, by, channel: 'telegram', at: now.toISOString() });
    return null;
  }
}
