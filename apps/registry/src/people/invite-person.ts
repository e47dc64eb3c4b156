import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock, sha256, UserError } from '@recert/service-kit';
import { BotRepository } from './bot.repository';
import { PersonRepository } from './person.repository';

const VALID_MS = 10 * 60_000;

/** A link that binds a Telegram account to a person: it works once, and is shown once. */
export interface ShownInvitation {
  readonly url: string;
  readonly expiresAt: Date;
}

@Injectable()
export class InvitePerson {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly bots: BotRepository,
    private readonly clock: Clock,
  ) {}

  /** Replaces an invitation that is still open. @throws UserError 404, or 409 when it could not be followed */
  async invite(handle: string): Promise<ShownInvitation> {
    return this.database.transaction(async (tx) => {
      const person = await this.people.find(tx.db, handle, 'for update');
      if (person === null) throw UserError.notFound(`person "${handle}"`);
      if (!person.active) throw UserError.conflict(`"${handle}" is deactivated: activate the person first.`);
      const bot = await this.bots.username(tx.db);
      if (bot === null) {
        throw UserError.conflict(
          'No Telegram bot is connected: set TELEGRAM_BOT_TOKEN, start again, and wait until the bot has answered.',
        );
      }
      // 128 bits, and letters that Telegram takes in a start parameter.
      const code = randomBytes(16).toString('base64url');
      const expiresAt = new Date(this.clock.now().getTime() + VALID_MS);
      const invitation = { codeHash: sha256(code).toString('hex'), expiresAt };
      await this.people.save(tx, { ...person, invitation });
      return { url: `https://t.me/${bot}?start=${code}`, expiresAt };
    });
  }
}
