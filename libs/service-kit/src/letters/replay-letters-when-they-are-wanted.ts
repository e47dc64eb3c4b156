import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DeadLetters, done, EventServer, type Delivery, type Outcome, type ServiceDatabase } from '@recert/bus';
import { LetterSettled, LetterWanted } from '@recert/contracts';

/** What a service takes from the bus so that its dead letters can be replayed from elsewhere. */
export function replayConsumer(service: string) {
  return { durable: `${service}.replay-letters-when-they-are-wanted`, event: LetterWanted } as const;
}

/**
 * Handles dead letters of this process's services again when somebody wants it, and says what became of each. Each
 * service hears all wishes, and those of others do not concern it.
 */
@Injectable()
export class ReplayLettersWhenTheyAreWanted implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('letters');
  private telling: Promise<unknown> = Promise.resolve();

  constructor(private readonly events: EventServer) {}

  onApplicationBootstrap(): void {
    for (const database of this.events.joined()) this.serve(database);
  }

  /** Before the database closes, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.telling;
  }

  private serve(database: ServiceDatabase): void {
    const { service } = database;
    this.events.follow({
      ...replayConsumer(service),
      concurrency: 1,
      handle: (data, delivery) => this.handle(service, data as LetterWanted, delivery),
    });
    const told = new DeadLetters(database).tellOfUntold().catch((error: unknown) => {
      this.log.warn(`Older dead letters of ${service} are told of at the next start: ${String(error)}`);
    });
    this.telling = Promise.all([this.telling, told]);
  }

  /** A replay has transactions of its own: begun anew after a crash, it finds in the inbox what was done. */
  private async handle(service: string, wanted: LetterWanted, { tx }: Delivery): Promise<Outcome> {
    if (wanted.service !== service) return done;
    for (const letterId of wanted.letterIds) {
      const outcome = await this.events.replay(letterId);
      const reason = outcome === undefined ? 'this service has no such dead letter' : outcome;
      tx.publish(LetterSettled, { letterId, service, reason, by: wanted.by, at: new Date().toISOString() });
    }
    return done;
  }
}
