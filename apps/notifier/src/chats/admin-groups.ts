import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { Priority } from '../messages/delivery';
import { DeliveryRepository } from '../messages/delivery.repository';
import { compose, oneLine } from '../messages/rich-text';
import { SpeakInChat } from '../messages/speak-in-chat';
import { AdminChats } from './admin-chats';
import { AdminGroupRepository } from './admin-group.repository';

/** What happens to groups of admins that is nobody's wish: they lose a topic, or are lost. */
@Injectable()
export class AdminGroups {
  constructor(
    private readonly groups: AdminGroupRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly chats: AdminChats,
    private readonly speaker: SpeakInChat,
  ) {}

  /** Nothing arrives in the group any more: the admins are told so in private. Does nothing for any other chat. */
  async lose(tx: Tx, chatId: number, reason: string): Promise<void> {
    const title = await this.groups.remove(tx.db, chatId);
    if (title === null) return;
    await this.deliveries.withdrawFrom(tx.db, chatId);
    const message = {
      ...compose([
        { text: 'The group ' },
        { text: oneLine(title) || '(no name)', style: 'bold', cuttable: true },
        { text: ` hears of nothing any more: ${whyLost(reason)} /alerts lists what is open.` },
      ]),
      buttons: [],
    };
    for (const chat of await this.chats.ofAdmins(tx.db)) {
      await this.speaker.say(tx, { thread: null, chat, priority: Priority.critical, message, dedupeKey: null });
    }
  }

  async leaveTopic(tx: Tx, chatId: number, topicId: number): Promise<void> {
    await this.groups.leaveTopic(tx.db, chatId, topicId);
    await this.deliveries.leaveTopic(tx.db, chatId, topicId);
  }
}

function whyLost(reason: string): string {
  if (reason === 'kicked') return 'I was removed from it. Add me and send /admins here in it, or hear of things here.';
  return `Telegram says: ${oneLine(reason)}.`;
}
