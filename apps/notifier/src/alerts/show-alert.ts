import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type AlertRaised, type AlertResolved } from '@recert/contracts';
import { type AdminChat } from '../chats/admin-chat';
import { AdminChats } from '../chats/admin-chats';
import { Priority } from '../messages/delivery';
import { isChanged, priorityOfChange, type Alert } from './alert';
import { AlertMessageRepository, type ShownAlert } from './alert-message.repository';
import { AlertRepository } from './alert.repository';
import { PlaceAlert } from './place-alert';

/** From this level on an alert is urgent, whatever its severity: nobody has taken care of it. */
const URGENT_LEVEL = 2;
const EVERYBODY_LEVEL = 3;

/** Keeps what is shown of an alert in line with what the relay says of it. */
@Injectable()
export class ShowAlert {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly messages: AlertMessageRepository,
    private readonly chats: AdminChats,
    private readonly placer: PlaceAlert,
  ) {}

  async raised(tx: Tx, event: AlertRaised): Promise<void> {
    const locked = await this.alerts.lock(tx.db, [event.alertId, ...(event.heldBy === null ? [] : [event.heldBy])]);
    const before = locked.get(event.alertId) ?? null;
    const { alert, isNews } = await this.alerts.learn(tx.db, event);
    const shown = await this.messages.ofAlert(tx.db, alert.id);
    if (!isNews) {
      // What is late changes nothing, but that somebody has to hear of it at all.
      const isUnheard = shown.length === 0 && alert.status !== 'resolved' && alert.heldBy === null;
      if (isUnheard && event.level > 0) await this.sayAloud(tx, alert, event.level, shown);
      return;
    }
    const isQuiet = event.level === 0 || alert.heldBy !== null || alert.status === 'resolved';
    if (!isQuiet) return this.sayAloud(tx, alert, event.level, shown);
    await this.bringInLine(tx, before, alert, shown);
    await this.countHeld(tx, alert, locked);
  }

  async resolved(tx: Tx, event: AlertResolved): Promise<void> {
    const locked = await this.alerts.lock(tx.db, [event.alertId, ...(event.heldBy === null ? [] : [event.heldBy])]);
    const before = locked.get(event.alertId) ?? null;
    const { alert, isNews } = await this.alerts.learn(tx.db, event);
    if (!isNews) return;
    await this.bringInLine(tx, before, alert, await this.messages.ofAlert(tx.db, alert.id));
    await this.countHeld(tx, alert, locked);
  }

  /** Says aloud what nobody could be told of until now, if it is still so. */
  async untold(tx: Tx, alertId: string): Promise<void> {
    const alert = (await this.alerts.lock(tx.db, [alertId])).get(alertId);
    if (alert?.status !== 'firing' || alert.heldBy !== null) return;
    const shown = await this.messages.ofAlert(tx.db, alertId);
    if (shown.length === 0) await this.sayAloud(tx, alert, 1, shown);
  }

  private async sayAloud(tx: Tx, alert: Alert, level: number, shown: readonly ShownAlert[]): Promise<void> {
    const isUrgent = alert.severity === 'critical' || level >= URGENT_LEVEL;
    const of = { productId: alert.productId, everybody: level >= EVERYBODY_LEVEL };
    const hearing = await this.chats.chatsFor(tx.db, of);
    for (const { chat, known, isHearing } of together(hearing, shown)) {
      if (isHearing) await this.placer.place(tx, alert, chat, known, isUrgent);
      else if (known?.place === 'own') await this.placer.edit(tx, alert, known, Priority.count);
    }
  }

  /** Says nothing new: messages are edited, also those of people who would not hear of it now. */
  private async bringInLine(tx: Tx, before: Alert | null, alert: Alert, shown: readonly ShownAlert[]): Promise<void> {
    const changed = isChanged(before, alert);
    const turnedCritical = alert.severity === 'critical' && alert.status === 'firing' && alert.heldBy === null;
    for (const known of shown) {
      if (known.place === 'own') {
        await this.placer.edit(tx, alert, known, changed ? priorityOfChange(alert) : Priority.count);
      } else if (changed && turnedCritical) await this.placer.place(tx, alert, known.chat, known, true);
      else if (changed && known.storm !== null) await this.placer.refreshDigest(tx, known.chat, known.storm);
    }
  }

  /** The message of an outage says how many errors it explains. */
  private async countHeld(tx: Tx, held: Alert, locked: ReadonlyMap<string, Alert>): Promise<void> {
    const outage = held.heldBy === null ? undefined : locked.get(held.heldBy);
    if (outage === undefined) return;
    for (const known of await this.messages.ofAlert(tx.db, outage.id)) {
      if (known.place === 'own') await this.placer.edit(tx, outage, known, Priority.count);
    }
  }
}

/** All chats in the order of their ids, in which they are locked. */
function together(
  hearing: readonly AdminChat[],
  shown: readonly ShownAlert[],
): { chat: AdminChat; known: ShownAlert | null; isHearing: boolean }[] {
  const known = new Map(shown.map((one) => [one.chat.chatId, one]));
  const heard = new Map(hearing.map((chat) => [chat.chatId, chat]));
  const ids = [...new Set([...known.keys(), ...heard.keys()])].sort((a, b) => a - b);
  return ids.flatMap((id) => {
    const chat = heard.get(id) ?? known.get(id)?.chat;
    return chat === undefined ? [] : [{ chat, known: known.get(id) ?? null, isHearing: heard.has(id) }];
  });
}
