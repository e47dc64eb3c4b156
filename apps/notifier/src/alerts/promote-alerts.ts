import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { AlertMessageRepository } from './alert-message.repository';
import { AlertRepository } from './alert.repository';
import { PlaceAlert } from './place-alert';

/** Gives urgent alerts that only the digest of a storm counts a message of their own, as soon as there is room. */
@Injectable()
export class PromoteAlerts {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly alerts: AlertRepository,
    private readonly messages: AlertMessageRepository,
    private readonly placer: PlaceAlert,
  ) {}

  async promote(): Promise<void> {
    const full = new Set<number>();
    for (const { alertId, chat } of await this.messages.urgentInDigests(this.database.dataSource.manager)) {
      if (full.has(chat.chatId)) continue;
      if (!(await this.promoteOne(alertId, chat.chatId))) full.add(chat.chatId);
    }
  }

  /** @returns whether there was room */
  private async promoteOne(alertId: string, chatId: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const alert = (await this.alerts.lock(tx.db, [alertId])).get(alertId);
      const isThis = ({ chat }: { chat: { chatId: number } }): boolean => chat.chatId === chatId;
      const shown = (await this.messages.ofAlert(tx.db, alertId)).find(isThis);
      if (alert?.status !== 'firing' || shown?.place !== 'digest') return true;
      await this.placer.place(tx, alert, shown.chat, shown, true);
      return (await this.messages.ofAlert(tx.db, alertId)).find(isThis)?.place === 'own';
    });
  }
}
