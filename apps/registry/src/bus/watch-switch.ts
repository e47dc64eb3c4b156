import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { LeadSwitch } from './lead-switch';

const LOOK_MS = 500;

/** Goes on with a switch that is under way, also one that another process of the registry began, or this one before it died. */
@Injectable()
export class WatchSwitch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('bus');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private isUnderWay = true;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly lead: LeadSwitch,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (this.isUnderWay) this.looking ??= this.look().finally(() => (this.looking = null));
    }, LOOK_MS).unref();
  }

  /** Before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One has begun, or a service has told how far it is. */
  wake(): void {
    this.isUnderWay = true;
  }

  private async look(): Promise<void> {
    try {
      this.isUnderWay = await this.database.transaction((tx) => this.lead.advance(tx));
    } catch (error) {
      this.log.warn(`The switch of the bus could not be looked at, will try again: ${String(error)}`);
    }
  }
}
