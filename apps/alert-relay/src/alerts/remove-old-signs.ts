import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { inBatches } from '@recert/service-kit';
import { SignLog } from './sign-log';

const EVERY_MS = 3_600_000;
/** As long as requests are kept. The database refuses to remove what is younger: see the migration `RetireSigns0002`. */
const KEPT_DAYS = 90;
/** Rows of one transaction: nobody waits for it. */
const BATCH = 1_000;

/** Removes signs that can no longer matter, so that the log of a busy source does not grow for ever. */
@Injectable()
export class RemoveOldSigns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(RemoveOldSigns.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly signs: SignLog,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.round();
    }, EVERY_MS).unref();
  }

  /** Before the database closes, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** @returns how many signs were removed */
  async run(): Promise<number> {
    return inBatches(
      BATCH,
      () => !this.stopped,
      () => this.database.transaction((tx) => this.signs.removeOld(tx, KEPT_DAYS, BATCH)),
    );
  }

  private async round(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.log.warn(`Old signs could not be removed, trying again in an hour: ${String(error)}`);
    }
  }
}
