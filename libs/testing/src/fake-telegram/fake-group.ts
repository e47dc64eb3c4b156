import { type Chat, type Update } from './api-types';
import { type ChatMessage } from './chat-store';
import { type FakeUser, membership, migrationMessage, say, type World } from './fake-user';

/** A group of people that the bot can be added to. */
export class FakeGroup {
  constructor(
    private readonly world: World,
    private chat: Chat,
  ) {
    world.chats.open(chat, 'stranger');
  }

  /** Changes when the group becomes a supergroup. */
  get id(): number {
    return this.chat.id;
  }

  get messages(): readonly ChatMessage[] {
    return this.world.chats.messages(this.id);
  }

  addBot(by: FakeUser): Update | undefined {
    this.world.chats.open(this.chat, 'open');
    return this.world.updates.push({ my_chat_member: membership(this.world, this.id, by.user, 'left', 'member') });
  }

  removeBot(by: FakeUser): Update | undefined {
    this.world.chats.open(this.chat, 'kicked');
    return this.world.updates.push({ my_chat_member: membership(this.world, this.id, by.user, 'member', 'kicked') });
  }

  /** @param topicId of a topic that was opened; outside of topics where it is missing */
  send(from: FakeUser, text: string, topicId?: number): Update | undefined {
    return say(this.world, this.id, from.user, text, topicId);
  }

  /** Opens a topic, which makes the group a forum. @returns its id */
  openTopic(): number {
    return this.world.chats.openTopic(this.id);
  }

  deleteTopic(topicId: number): void {
    this.world.chats.deleteTopic(this.id, topicId);
  }

  /** Becomes a supergroup with another id, which the bot learns by a service message and by its next send's error. */
  migrate(by: FakeUser): Update | undefined {
    const oldId = this.id;
    const newId = -1_000_000_000_000 + oldId;
    this.world.chats.open({ ...this.chat, id: newId, type: 'supergroup' }, 'open');
    const message = migrationMessage(this.world, oldId, newId, by.user);
    this.world.chats.open(this.chat, { migratedTo: newId });
    this.chat = { ...this.chat, id: newId, type: 'supergroup' };
    return this.world.updates.push({ message });
  }
}
