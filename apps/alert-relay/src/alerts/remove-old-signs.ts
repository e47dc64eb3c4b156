import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { RemoveOldRows } from '@recert/service-kit';
import { SignLog } from './sign-log';

/** As long as requests are kept. The database refuses to remove what is younger: see the migration `RetireSigns0002`. */
const KEPT_DAYS = 90;

/** Removes signs that can no longer matter, so that the log of a busy source does not grow for ever. */
@Injectable()
export class RemoveOldSigns extends RemoveOldRows {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly signs: SignLog,
  ) {
    super();
  }

  protected removeBatch(most: number): Promise<number> {
    return this.database.transaction((tx) => this.signs.removeOld(tx, KEPT_DAYS, most));
  }
}
