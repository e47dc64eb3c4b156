import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, inBatches } from '@recert/service-kit';
import { DeliveryRepository } from './delivery.repository';

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** So many wait for a subscription at most, and so long; older ones are given up. */
export const MOST_WAITING = 10_000;
export const KEPT_DAYS = 14;
const BATCH = 1_000;

/** Keeps what waits for a receiver that does not come back, and what is over, from growing without end. */
@Injectable()
export class BoundDeliveries implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('subscriptions');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.sweep().catch((error: unknown) =>
        this.log.warn(`Old deliveries could not be removed: ${String(error)}`),
      );
    }, EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  async sweep(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * DAY_MS);
    const goesOn = (): boolean => !this.stopped;
    // A batch may have some of every subscription: it is over when one has none.
    while (goesOn() && (await this.deliveries.drop(MOST_WAITING, before, BATCH)) > 0);
    await inBatches(BATCH, goesOn, () => this.deliveries.removeOld(before, BATCH));
  }
}
