import { Controller } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { LoginOffered } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { PersonRepository } from '../people/person.repository';
import { roleOf } from './highest-role';
import { LoginCodeRepository } from './login-code.repository';

const DAY_MS = 24 * 60 * 60_000;

/** The link that somebody was given in the chat opens the console, once and soon. */
@Controller()
export class NoteLoginWhenItIsOffered {
  constructor(
    private readonly people: PersonRepository,
    private readonly codes: LoginCodeRepository,
    private readonly clock: Clock,
  ) {}

  @OnEvent(LoginOffered, { durable: 'registry.note-login-when-it-is-offered' })
  async handle({ handle, codeHash, expiresAt }: LoginOffered, { tx }: Delivery): Promise<Outcome> {
    const now = this.clock.now();
    const until = new Date(expiresAt);
    if (until <= now) return done;
    // Locked, so that whoever is being switched off has no code left afterwards.
    const person = await this.people.find(tx.db, handle, 'for update');
    if (person === null) return drop(`there is no person "${handle}"`);
    if (roleOf(person) === null) return done;
    await this.codes.forgetOld(tx, new Date(now.getTime() - DAY_MS));
    await this.codes.add(tx, Buffer.from(codeHash, 'hex'), { handle }, until);
    return done;
  }
}
