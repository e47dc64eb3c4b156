import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type Context } from 'telegraf';
import { alertList, MAX_LINES, openAlertsText } from '../../../alerts/alert-list';
import { AlertRepository } from '../../../alerts/alert.repository';
import { AdminGroupRepository } from '../../../chats/admin-group.repository';
import { type Part } from '../../../messages/rich-text';
import { isAdmin } from '../../../people/person';
import { ASKING_RULES, type AskingRules } from '../../../questions/asking-rules';
import { FindSpeaker } from '../accounts/find-speaker';
import { type UpdateWork } from '../receive/update-work';
import { type Listener } from './reply';

/** Where admins may ask how things stand: in private, and in the groups that hear of things. */
@Injectable()
export class AdminAudience {
  constructor(
    private readonly speakers: FindSpeaker,
    private readonly groups: AdminGroupRepository,
    private readonly alerts: AlertRepository,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  /** @returns null where nothing may be said about it */
  async find(context: Context, { tx }: UpdateWork): Promise<Listener | null> {
    const { chat, from } = context;
    if (chat === undefined || from === undefined) return null;
    if (chat.type !== 'private') {
      const isRegistered = (await this.groups.find(tx.db, chat.id)) !== null;
      return isRegistered ? { chatId: chat.id, handle: null, topicId: topicOf(context) } : null;
    }
    const speaker = from.is_bot ? null : await this.speakers.find(tx, from.id);
    return speaker !== null && isAdmin(speaker) ? { chatId: chat.id, handle: speaker.handle } : null;
  }

  /** How many alerts are open, as a sentence. */
  async openAlerts({ db }: Tx): Promise<string> {
    return openAlertsText(await this.alerts.countOpen(db));
  }

  /** Which alerts are open. */
  async listOfAlerts({ db }: Tx): Promise<Part[]> {
    const [total, alerts] = [await this.alerts.countOpen(db), await this.alerts.listOpen(db, MAX_LINES)];
    return alertList(alerts, total, this.rules.zone);
  }
}

/** The topic of a forum in which something was written; null outside of topics. */
export function topicOf({ message }: Context): number | null {
  const { is_topic_message: isInTopic, message_thread_id: id } = (message ?? {}) as {
    is_topic_message?: boolean;
    message_thread_id?: number;
  };
  // Outside of forums the same field names a thread of replies, which is no place to speak in.
  return isInTopic === true && id !== undefined ? id : null;
}
