import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { AdminChats } from '../chats/admin-chats';
import { Priority } from '../messages/delivery';
import { letterMessage } from './letter-message';
import { type LetterGroup } from './letter.repository';
import { SayInHub } from './say-in-hub';

/** A hundred letters at once are one message that counts: it is edited no more often than this. */
const EVERY_MS = 5_000;

/** Keeps the message of a group of dead letters up to date. */
@Injectable()
export class ShowLetters {
  constructor(
    private readonly chats: AdminChats,
    private readonly hub: SayInHub,
  ) {}

  async show(tx: Tx, group: LetterGroup): Promise<void> {
    const thread = `letters:${group.id}`;
    const saying = { thread, priority: Priority.notice, message: letterMessage(group, this.hub.place) };
    const told = await this.hub.heardBy(tx, thread);
    if (told.length > 0) return this.hub.edit(tx, saying, group.isOver ? 0 : EVERY_MS);
    if (group.isOver) return;
    const chats = await this.chats.chatsFor(tx.db, { productId: null, everybody: false });
    await this.hub.say(tx, chats, { ...saying, stage: 'kept' });
  }
}
