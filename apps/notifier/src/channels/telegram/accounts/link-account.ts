import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { type Person } from '../../../people/person';
import { PersonRepository } from '../../../people/person.repository';
import { AskPeople } from '../../../questions/ask-people';
import { QuestionRepository } from '../../../questions/question.repository';
import { type UpdateId } from '../receive/update-work';
import { WrongCodeRepository } from './wrong-code.repository';

/** Codes that an account may try in vain within the time, and how long that is. */
const MAX_WRONG_CODES = 5;
const WRONG_CODES_WINDOW_MS = 600_000;

/** What became of a code. */
export type Linked =
  | { readonly kind: 'linked'; readonly person: Person; readonly oldChatId: number | null }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly sentence: string };

/** A private chat, and who writes in it. */
interface Account {
  readonly userId: number;
  readonly chatId: number;
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');
const refused = (sentence: string): Linked => ({ kind: 'refused', sentence });

/** Binds a Telegram account to the person who was invited: once, in time, and nobody else's. */
@Injectable()
export class LinkAccount {
  constructor(
    private readonly people: PersonRepository,
    private readonly wrongCodes: WrongCodeRepository,
    private readonly questions: QuestionRepository,
    private readonly asker: AskPeople,
    private readonly clock: Clock,
  ) {}

  async link(tx: Tx, code: string, account: Account): Promise<Linked> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - WRONG_CODES_WINDOW_MS);
    if ((await this.wrongCodes.countSince(tx.db, account.userId, since)) >= MAX_WRONG_CODES) {
      return refused('Too many codes that open nothing. Wait ten minutes, and ask an admin for a new link.');
    }
    const hash = hashOf(code);
    await this.wrongCodes.lock(tx.db, hash);
    const person = await this.people.lockByInvitation(tx.db, hash);
    if (person === null) return { kind: 'unknown' };
    const refusal = await this.refusalOf(tx, person, hash, account.userId, now);
    if (refusal !== null) return refusal;
    return this.bind(tx, person, hash, account);
  }

  /** Counts a code that nobody knows against the account, and remembers which update it came with. */
  async noteUnknown(tx: Tx, code: string, userId: number, update: UpdateId): Promise<void> {
    await this.wrongCodes.note(tx.db, { userId, at: this.clock.now(), unknown: { hash: hashOf(code), ...update } });
  }

  private async refusalOf(tx: Tx, person: Person, hash: string, userId: number, now: Date): Promise<Linked | null> {
    const { invitation, name, usedHash } = person;
    if (usedHash === hash) {
      if (person.telegram?.userId === userId) return refused(`You are linked already, as ${name}.`);
      await this.wrongCodes.note(tx.db, { userId, at: now, unknown: null });
      return refused('This link was used already, and works only once. Ask an admin for a new one.');
    }
    if (invitation === null || invitation.expiresAt <= now) {
      return refused('This link has expired. Ask an admin for a new one: it works for ten minutes.');
    }
    if (!person.active) return refused('This person is switched off in Recert. Ask an admin.');
    const other = await this.people.findByAccount(tx.db, { userId });
    if (other !== null && other.handle !== person.handle) {
      return refused(`This Telegram account belongs to ${other.name} already. Use your own, or ask an admin.`);
    }
    return null;
  }

  private async bind(tx: Tx, person: Person, hash: string, account: Account): Promise<Linked> {
    const now = this.clock.now();
    const linked: Person = { ...person, usedHash: hash, telegram: { ...account, lost: null } };
    await this.people.saveTelegram(tx.db, linked, now);
    const { handle } = person;
    const at = now.toISOString();
    tx.publish(PersonLinked, { what: 'linked', handle, at, channel: 'telegram', account: String(account.userId) });
    await this.questions.leaveChat(tx.db, handle, account.chatId);
    await this.asker.carryOn(tx, linked, true);
    const old = person.telegram;
    const isMove = old !== null && old.lost === null && old.userId !== account.userId;
    return { kind: 'linked', person: linked, oldChatId: isMove ? old.chatId : null };
  }
}
