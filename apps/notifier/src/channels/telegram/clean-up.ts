import { Inject, Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type EntityManager } from 'typeorm';
import { type Lease } from './leadership';
import { pause } from './pause';

const EVERY_MS = 3_600_000;

/** Tables with rows that nobody needs any more after a while. */
export const OLD_ROWS = Symbol('old rows');
export interface OldRows {
  clean(db: EntityManager): Promise<void>;
}

/** Removes what nobody needs any more. */
@Injectable()
export class CleanUp {
  private readonly log = new Logger('telegram');

  constructor(
    private readonly database: ServiceDatabase,
    @Inject(OLD_ROWS) private readonly tables: readonly OldRows[],
  ) {}

  async run({ signal }: Lease): Promise<void> {
    while (!signal.aborted) {
      try {
        const db = this.database.dataSource.manager;
        for (const table of this.tables) await table.clean(db);
      } catch (error) {
        this.log.warn(`Old rows could not be removed, trying again in an hour: ${String(error)}`);
      }
      await pause(EVERY_MS, signal);
    }
  }
}
