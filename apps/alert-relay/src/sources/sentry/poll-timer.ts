import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { WakeSignal } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { ALERT_RELAY_CONFIG, type AlertRelayConfig } from '../../config';
import { PollIssues } from './poll-issues';

/** Another replica may have had the turn: this often one looks whether it is time. */
const LOOK_MS = 30_000;

/** Polls Sentry for as long as the service runs, where it has a token for it. */
@Injectable()
export class PollTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(PollTimer.name);
  private readonly signal = new WakeSignal();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private isInTrouble = false;

  constructor(
    private readonly polls: PollIssues,
    private readonly clock: Clock,
    @Inject(ALERT_RELAY_CONFIG) private readonly config: AlertRelayConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.SENTRY_AUTH_TOKEN !== undefined) this.running = this.loop();
  }

  /** Before the database closes, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      await this.round();
      await this.signal.wait(Math.min(this.config.SENTRY_POLL, LOOK_MS));
    }
  }

  /** Tells of trouble once, and of its end. */
  private async round(): Promise<void> {
    try {
      const signs = await this.polls.run(this.clock.now(), this.config.SENTRY_POLL);
      if (signs !== null && this.isInTrouble) this.log.log('Sentry answers again');
      if (signs !== null) this.isInTrouble = false;
    } catch (error) {
      if (!this.isInTrouble) this.log.warn(`Sentry could not be asked, will try again: ${String(error)}`);
      this.isInTrouble = true;
    }
  }
}
