import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { isOperational } from '@recert/bus';
import { inBatches } from './in-batches';

const EVERY_MS = 3_600_000;
/** Rows of one statement: nobody waits for it. */
const BATCH = 1_000;

/** Removes, once an hour, what can no longer matter, so that a table does not grow for ever. */
export abstract class RemoveOldRows implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  /** Removes at most so many. @returns how many there were */
  protected abstract removeBatch(most: number): Promise<number>;

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

  /** @returns how many rows were removed */
  async run(): Promise<number> {
    return inBatches(
      BATCH,
      () => !this.stopped,
      () => this.removeBatch(BATCH),
    );
  }

  private async round(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      const message = 'Old rows could not be removed, trying again in an hour';
      if (isOperational(error)) this.log.warn({ error: String(error) }, message);
      else this.log.error({ err: error }, message);
    }
  }
}
