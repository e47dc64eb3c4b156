import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type AdminChat } from '../chats/admin-chat';
import { Priority } from '../messages/delivery';
import { type Message } from '../messages/rich-text';
import { SpeakInChat } from '../messages/speak-in-chat';
import { ASKING_RULES, type AskingRules } from '../questions/asking-rules';
import { priorityOf, type Alert } from './alert';
import { type AlertContext, alertMessage, olderAlertMessage } from './alert-message';
import { AlertMessageRepository, threadOf, type ShownAlert } from './alert-message.repository';
import { AlertRepository } from './alert.repository';
import { digestMessage } from './digest-message';
import { planAlertMessage } from './plan-alert-messages';

/** At most so often is a number brought up to date. */
export const COUNT_EVERY_MS = 5000;

/** Shows one alert in one chat: as a message of its own while there is room, else in the digest of the storm. */
@Injectable()
export class PlaceAlert {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly messages: AlertMessageRepository,
    private readonly speaker: SpeakInChat,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  /**
   * Says it anew. The alert is locked.
   * @param shown where it is shown in this chat already; null when it is not
   */
  async place(tx: Tx, alert: Alert, chat: AdminChat, shown: ShownAlert | null, isUrgent: boolean): Promise<void> {
    await this.messages.lockChat(tx.db, chat);
    const place = planAlertMessage(await this.messages.taken(tx.db, chat.chatId, alert.id), isUrgent);
    const hasRoom = place.kind === 'own' && (place.instead === null || (await this.takeBack(tx, place.instead, chat)));
    if (hasRoom) return this.say(tx, alert, chat, shown, isUrgent);
    // Its message is there: it can say what is new, if not loudly.
    if (shown?.place === 'own') return this.edit(tx, alert, shown, Priority.outcome);
    await this.gather(tx, alert.id, chat, isUrgent);
  }

  /** Brings its own message in a chat in line with it. */
  async edit(tx: Tx, alert: Alert, { chat, nonce }: ShownAlert, priority: Priority): Promise<void> {
    const message = alertMessage(alert, await this.contextOf(tx, alert, nonce));
    const everyMs = priority === Priority.count ? COUNT_EVERY_MS : 0;
    await this.speaker.edit(tx, { thread: threadOf.alert(alert.id), chat, priority, message, everyMs });
  }

  /** Brings the digest of a storm in line with its alerts. */
  async refreshDigest(tx: Tx, chat: AdminChat, storm: number): Promise<void> {
    await this.messages.lockChat(tx.db, chat);
    const message = await this.digest(tx, chat, storm);
    const of = { thread: threadOf.storm(storm), chat, priority: Priority.count, message };
    await this.speaker.edit(tx, { ...of, everyMs: COUNT_EVERY_MS });
  }

  private async say(tx: Tx, alert: Alert, chat: AdminChat, shown: ShownAlert | null, isUrgent: boolean): Promise<void> {
    const nonce = await this.messages.showOwn(tx.db, alert.id, chat.chatId);
    const context = await this.contextOf(tx, alert, nonce);
    await this.speaker.say(tx, {
      thread: threadOf.alert(alert.id),
      chat,
      priority: isUrgent ? Priority.critical : priorityOf(alert),
      message: alertMessage(alert, context),
      ...(shown?.place === 'own' ? { older: olderAlertMessage(alert, context) } : {}),
      dedupeKey: null,
    });
    if (shown?.place === 'digest' && shown.storm !== null) await this.refreshDigest(tx, chat, shown.storm);
  }

  private async takeBack(tx: Tx, alertId: string, chat: AdminChat): Promise<boolean> {
    if (!(await this.speaker.takeBack(tx, threadOf.alert(alertId), chat))) return false;
    await this.gather(tx, alertId, chat, false);
    return true;
  }

  private async gather(tx: Tx, alertId: string, chat: AdminChat, isUrgent: boolean): Promise<void> {
    const { storm, isNew } = await this.messages.gather(tx.db, alertId, chat.chatId, isUrgent);
    if (!isNew) return this.refreshDigest(tx, chat, storm);
    const message = await this.digest(tx, chat, storm);
    const of = { thread: threadOf.storm(storm), chat, priority: Priority.warning, message };
    await this.speaker.say(tx, { ...of, dedupeKey: null });
  }

  private async digest(tx: Tx, chat: AdminChat, storm: number): Promise<Message> {
    return digestMessage(await this.messages.gathered(tx.db, chat.chatId, storm));
  }

  private async contextOf(tx: Tx, alert: Alert, nonce: string | null): Promise<AlertContext> {
    return { ...(await this.alerts.surroundings(tx.db, alert)), zone: this.rules.zone, nonce };
  }
}
