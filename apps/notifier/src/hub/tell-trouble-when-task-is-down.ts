import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome, type Tx } from '@recert/bus';
import { TaskDown } from '@recert/contracts';
import { type AdminChat } from '../chats/admin-chat';
import { AdminChats } from '../chats/admin-chats';
import { Priority } from '../messages/delivery';
import { PersonRepository } from '../people/person.repository';
import { shortName } from '../questions/sentences';
import { SayInHub } from './say-in-hub';
import { downMessage } from './task-message';
import { TroubleRepository } from './trouble.repository';

/** The owner of a task that is down hears of it, and then the admins. */
@Controller()
export class TellTroubleWhenTaskIsDown {
  constructor(
    private readonly troubles: TroubleRepository,
    private readonly chats: AdminChats,
    private readonly people: PersonRepository,
    private readonly hub: SayInHub,
  ) {}

  @OnEvent(TaskDown, { durable: 'notifier.tell-trouble-when-task-is-down' })
  async handle(down: TaskDown, { tx }: Delivery): Promise<Outcome> {
    // It has recovered in the meantime: two subjects, and the later word may be here first.
    if (await this.troubles.lock(tx.db, down)) return done;
    const thread = threadOf(down);
    const told = new Set((await this.hub.heardBy(tx, thread)).map(({ chatId }) => chatId));
    const { isOwner, chats } = await this.readers(tx, down);
    const untold = chats.filter(({ chatId }) => !told.has(chatId));
    const ownerName = isOwner || down.owner === null ? null : await this.nameOf(tx, down.owner);
    const message = downMessage(down, { ownerName, place: this.hub.place });
    await this.hub.say(tx, untold, { thread, priority: Priority.warning, message, stage: down.level });
    return done;
  }

  /** The admins, too, where the owner cannot be told anything. */
  private async readers(
    tx: Tx,
    { level, owner }: TaskDown,
  ): Promise<{ isOwner: boolean; chats: readonly AdminChat[] }> {
    const chat = level === 'owner' && owner !== null ? await this.chats.chatOfPerson(tx.db, owner) : null;
    if (chat !== null) return { isOwner: true, chats: [chat] };
    return { isOwner: false, chats: await this.chats.chatsFor(tx.db, { productId: null, everybody: false }) };
  }

  private async nameOf(tx: Tx, handle: string): Promise<string> {
    const person = (await this.people.find(tx.db, [handle])).get(handle);
    return shortName(person?.name ?? handle);
  }
}

export function threadOf({ taskId, trouble }: Pick<TaskDown, 'taskId' | 'trouble'>): string {
  return `task:${taskId}:${trouble}`;
}
