import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../config';
import { chatOf } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { ProductRepository } from '../products/product.repository';
import { type AdminChat, whoHears } from './admin-chat';
import { AdminGroupRepository } from './admin-group.repository';

/** Knows where facts are told: in groups of admins, and in private. */
@Injectable()
export class AdminChats {
  constructor(
    private readonly people: PersonRepository,
    private readonly products: ProductRepository,
    private readonly groups: AdminGroupRepository,
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
  ) {}

  /**
   * The chats in which a fact about a product, or about none, is told; empty without a bot, and while nobody is linked.
   * @param of.everybody all of them, for what nobody has taken care of; see `whoHears`
   */
  async chatsFor(
    db: EntityManager,
    of: { readonly productId: string | null; readonly everybody: boolean },
  ): Promise<readonly AdminChat[]> {
    if (!this.isSpeaking) return [];
    const [product, groups, handles] = await Promise.all([
      of.productId === null ? null : this.products.find(db, of.productId),
      this.groups.all(db),
      this.people.admins(db),
    ]);
    const [admins, own] = [await this.chatsOf(db, handles), await this.chatsOf(db, product?.admins ?? [])];
    return whoHears({ groups, admins, own }, of.everybody);
  }

  /** The private chats of all admins, whether there are groups or not. */
  async ofAdmins(db: EntityManager): Promise<readonly AdminChat[]> {
    return this.isSpeaking ? this.chatsOf(db, await this.people.admins(db)) : [];
  }

  /** The private chat of one person, such as an owner; null when they cannot be told anything over Telegram. */
  async chatOfPerson(db: EntityManager, handle: string): Promise<AdminChat | null> {
    return this.isSpeaking ? ((await this.chatsOf(db, [handle]))[0] ?? null) : null;
  }

  /** Without a bot nothing is said that would go out all at once when there is one. */
  private get isSpeaking(): boolean {
    return this.config.TELEGRAM_BOT_TOKEN !== undefined;
  }

  private async chatsOf(db: EntityManager, handles: readonly string[]): Promise<AdminChat[]> {
    if (handles.length === 0) return [];
    const people = await this.people.find(db, handles);
    return handles.flatMap((handle) => {
      const chatId = chatOf(people.get(handle));
      return chatId === null ? [] : [{ chatId, topicId: null, handle }];
    });
  }
}
