import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type AdminChat } from '../chats/admin-chat';
import { type Priority } from './delivery';
import { type Message } from './rich-text';
import { ThreadRepository } from './thread.repository';
import { Wake } from './wake';

/** Something to be said in a chat. */
export interface Saying {
  /** What the message speaks of, such as `kpi:lugha:2026-W47`, by which it can be edited; null when it never will be. */
  readonly thread: string | null;
  readonly chat: AdminChat;
  readonly priority: Priority;
  /** With a photo its text is at most 1024 UTF-16 units, else `MESSAGE_LIMIT`. */
  readonly message: Message;
  /** Bytes of a PNG or JPEG. */
  readonly photo?: Buffer;
  /** What the message of the thread that was said before in this chat says from now on, such as that another is below. */
  readonly older?: Message;
  /** The same thing is not said twice: a second saying with the key of another is none. */
  readonly dedupeKey: string | null;
}

/** What the message of a thread in a chat is to say from now on. */
export interface Rewording {
  readonly thread: string;
  readonly chat: AdminChat;
  readonly priority: Priority;
  readonly message: Message;
  /** Bytes of the picture that it shows from now on; the one it has stays where this is missing, and none comes to a text. */
  readonly photo?: Buffer;
  /** Milliseconds that lie between two edits of the message at least; at once where it is missing. */
  readonly everyMs?: number;
}

/** Says things in chats, as part of a transaction, and keeps what was said up to date. */
@Injectable()
export class SpeakInChat {
  constructor(
    private readonly threads: ThreadRepository,
    private readonly wake: Wake,
  ) {}

  /** From now on this is the message of its thread in this chat. */
  async say(tx: Tx, { photo, older, ...said }: Saying): Promise<void> {
    const { thread, chat, priority } = said;
    if (thread !== null && older !== undefined) {
      await this.threads.retire(tx, { thread, chat }, { priority, message: older, photo: null, everyMs: 0 });
    }
    await this.threads.say(tx, { ...said, photo: photo ?? null });
    this.wake.afterCommit(tx, 'deliveries');
  }

  /** The latest wording wins, also over a message that was not sent yet. Does nothing where nothing was said. */
  async edit(tx: Tx, { thread, chat, priority, message, photo, everyMs = 0 }: Rewording): Promise<void> {
    await this.threads.edit(tx, { thread, chat }, { priority, message, photo: photo ?? null, everyMs });
    this.wake.afterCommit(tx, 'deliveries');
  }

  /** Takes back what was not sent yet. @returns false when it was, or is being sent at this moment */
  async takeBack(tx: Tx, thread: string, chat: AdminChat): Promise<boolean> {
    return this.threads.withdraw(tx.db, { thread, chat });
  }
}
