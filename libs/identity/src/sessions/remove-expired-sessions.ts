import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, inBatches } from '@recert/service-kit';
import { SessionRepository } from './session.repository';

const EVERY_MS = 3_600_000;
const BATCH = 1_000;

/** Expired sessions open nothing; a word of one that comes late is expired as well. */
@Injectable()
export class RemoveExpiredSessions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('identity');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.start();
    this.timer = setInterval(() => this.start(), EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** @returns how many were removed */
  async run(): Promise<number> {
    const now = this.clock.now();
    return inBatches(
      BATCH,
      () => !this.stopped,
      () => this.sessions.removeExpired(now, BATCH),
    );
  }

  private start(): void {
    this.running = this.run().then(
      () => undefined,
      (error: unknown) => this.log.warn(`Expired sessions could not be removed: ${String(error)}`),
    );
  }
}
