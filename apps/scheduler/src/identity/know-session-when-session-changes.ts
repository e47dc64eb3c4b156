import { Controller } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome } from '@recert/bus';
import { SessionChanged } from '@recert/contracts';
import { KnownSessions } from '@recert/identity';

/** Keeps who is logged in, with which role. */
@Controller()
export class KnowSessionWhenSessionChanges {
  constructor(private readonly sessions: KnownSessions) {}

  @OnEvent(SessionChanged, { durable: 'scheduler.know-session-when-session-changes' })
  async handle(session: SessionChanged, { tx }: Delivery): Promise<Outcome> {
    await this.sessions.learn(tx, session);
    return done;
  }
}
