import { type Role } from '@recert/contracts';

/** A person as the notifier knows them: what the registry says, and how they are reached. */
export interface Person {
  readonly handle: string;
  readonly version: number;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly invitation: Invitation | null;
  /** Hash of the invitation that was used last. */
  readonly usedHash: string | null;
  readonly telegram: TelegramAccount | null;
  readonly notice: Notice;
}

/** What is kept of an invitation: SHA-256 in hex of its code, never the code. */
export interface Invitation {
  readonly hash: string;
  readonly expiresAt: Date;
}

export interface TelegramAccount {
  readonly userId: number;
  readonly chatId: number;
  /** Why nothing arrives there any more; null while it does. */
  readonly lost: string | null;
}

/** Where a person stands with notices they have not asked for. */
export interface Notice {
  /** Number of the digest under way; 0 before the first. */
  readonly digest: number;
  readonly lastAt: Date | null;
  readonly nextAt: Date | null;
  /** Until when questions may join the next digest, by the machine's clock. */
  readonly gatherUntil: Date | null;
}

/** The chat in which a person can be told something now, or null. */
export function chatOf(person: Person | undefined | null): number | null {
  if (!person?.active || person.telegram === null || person.telegram.lost !== null) return null;
  return person.telegram.chatId;
}

export function isAdmin(person: Person): boolean {
  return person.roles.includes('admin');
}
