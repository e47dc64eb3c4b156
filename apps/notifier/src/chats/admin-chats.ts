import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
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
  ) {}

  /**
   * The chats in which a fact about a product, or about none, is told; empty while nobody is linked.
   * @param of.everybody all of them, for what nobody has taken care of; see `whoHears`
   */
  async chatsFor(
    db: EntityManager,
    of: { readonly productId: string | null; readonly everybody: boolean },
  ): Promise<readonly AdminChat[]> {
    const [product, groups, admins] = await Promise.all([
      of.productId === null ? null : this.products.find(db, of.productId),
      this.groups.all(db),
      this.people.admins(db),
    ]);
    const own = product?.admins ?? [];
    const people = await this.people.find(db, [...admins, ...own]);
    const chatsOf = (handles: readonly string[]): AdminChat[] =>
      handles.flatMap((handle) => {
        const chatId = chatOf(people.get(handle));
        return chatId === null ? [] : [{ chatId, topicId: null, handle }];
      });
    return whoHears({ groups, admins: chatsOf(admins), own: chatsOf(own) }, of.everybody);
  }

  /** The private chat of one person, such as an owner; null when they cannot be told anything over Telegram. */
  async chatOfPerson(db: EntityManager, handle: string): Promise<AdminChat | null> {
    const chatId = chatOf((await this.people.find(db, [handle])).get(handle));
    return chatId === null ? null : { chatId, topicId: null, handle };
  }
}
