import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { SessionRepository } from './session.repository';

/** At the start, others hear of the sessions that were there before sessions were announced. */
@Injectable()
export class AnnounceSessions implements OnApplicationBootstrap {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction((tx) => this.sessions.announceMissing(tx, this.clock.now()));
  }
}
