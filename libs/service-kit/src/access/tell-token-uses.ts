import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { TokenUsed } from '@recert/contracts';
import { Clock } from '../clock';
import { TokenUses } from './token-uses';

/** A look costs nothing while there is nothing to tell. */
const LOOK_MS = 1_000;

/** Remembers when tokens were used in this service, and tells of it once a minute, and at the end. */
@Injectable()
export class TellTokenUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('access');
  private readonly uses = new TokenUses();
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: ServiceDatabase,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Behind the last request of a hook, and before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
    await this.tell();
  }

  /** Somebody came in by this token, just now. */
  note(tokenId: string): void {
    this.uses.note(tokenId, this.clock.now());
  }

  private look(): void {
    if (this.uses.isDue(this.clock.now())) this.telling = this.telling.then(() => this.tell());
  }

  /** A use that cannot be told is told the next time: nothing that was asked for depends on it. */
  private async tell(): Promise<void> {
    const events = this.uses.take(this.clock.now());
    if (events.length === 0) return;
    try {
      await this.database.transaction(async (tx) => events.forEach((event) => void tx.publish(TokenUsed, event)));
    } catch (error) {
      this.uses.giveBack(events);
      this.log.warn(`It could not be told when tokens were used: ${String(error)}`);
    }
  }
}
