import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { HistoryRepository } from '../history/history.repository';
import { MakeOwners } from './make-owners';
import { PersonRepository } from './person.repository';

/** At the start, whoever was given something before that made an owner of them becomes one. */
@Injectable()
export class MakeOwnersOfBefore implements OnApplicationBootstrap {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly owners: MakeOwners,
    private readonly history: HistoryRepository,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const handles = await this.people.answeringWithoutRole(tx.db);
      const reason = { at: this.clock.now(), by: 'recert', source: 'start' };
      const entries = await this.owners.of(tx, handles, reason);
      if (entries.length > 0) await this.history.append(tx, entries);
    });
  }
}
