import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { type AdminChat } from '../chats/admin-chat';
import { type Priority } from '../messages/delivery';
import { type Message } from '../messages/rich-text';
import { SpeakInChat } from '../messages/speak-in-chat';
import { ThreadRepository } from '../messages/thread.repository';
import { type Place } from './look-button';

export interface HubSaying {
  /** What the message speaks of, such as `task:nightly-backup:3`. */
  readonly thread: string;
  readonly priority: Priority;
  readonly message: Message;
  /** Tells sayings of one thread apart: the same is said once in each chat. */
  readonly stage: string;
  /** What the message that was said before in this thread says from now on. */
  readonly older?: Message;
}

/** Says what the hub has to say, and keeps it up to date in every chat that heard of it. */
@Injectable()
export class SayInHub {
  readonly place: Place;

  constructor(
    private readonly speaker: SpeakInChat,
    private readonly threads: ThreadRepository,
    @Inject(KIT_CONFIG) kit: KitConfig,
  ) {
    this.place = { zone: kit.ORG_TIMEZONE, publicUrl: kit.PUBLIC_URL ?? null };
  }

  async say(tx: Tx, chats: readonly AdminChat[], { stage, ...saying }: HubSaying): Promise<void> {
    for (const chat of chats) {
      const dedupeKey = `${saying.thread}:${stage}:${chat.chatId}`;
      await this.speaker.say(tx, { ...saying, chat, dedupeKey });
    }
  }

  /** In every chat where it was said; nowhere else. @param everyMs as of a `Rewording` */
  async edit(tx: Tx, { thread, priority, message }: Omit<HubSaying, 'stage' | 'older'>, everyMs = 0): Promise<void> {
    for (const chat of await this.threads.chatsOf(tx.db, thread)) {
      await this.speaker.edit(tx, { thread, chat, priority, message, everyMs });
    }
  }

  /** Where it was said. */
  async heardBy(tx: Tx, thread: string): Promise<readonly AdminChat[]> {
    return this.threads.chatsOf(tx.db, thread);
  }
}
