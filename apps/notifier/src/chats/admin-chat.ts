/** Where somebody can be told something: the private chat of a person, or a group of admins. */
export interface AdminChat {
  readonly chatId: number;
  /** The topic of a forum in which it is said; null where there is none. */
  readonly topicId: number | null;
  /** The person whose private chat it is; null for a group. */
  readonly handle: string | null;
}

/** Everybody who could hear of a fact. */
export interface Listeners {
  /** Groups that were registered by `/admins here`. */
  readonly groups: readonly AdminChat[];
  /** Private chats of the admins. */
  readonly admins: readonly AdminChat[];
  /** Private chats of the product's own admins; empty where it has none, or none can be reached. */
  readonly own: readonly AdminChat[];
}

/**
 * Where a fact is told. A product's own admins hear of it alone, in private. Otherwise the groups do if there are any,
 * else each admin in private: who reads the group is not told twice. With `everybody`, which is for what nobody has
 * taken care of, it is all of these: groups, admins and the product's own.
 */
export function whoHears({ groups, admins, own }: Listeners, everybody: boolean): readonly AdminChat[] {
  if (everybody) return withoutRepeats([...groups, ...own, ...admins]);
  if (own.length > 0) return withoutRepeats(own);
  return groups.length > 0 ? groups : admins;
}

function withoutRepeats(chats: readonly AdminChat[]): AdminChat[] {
  return [...new Map(chats.map((chat) => [chat.chatId, chat])).values()];
}
