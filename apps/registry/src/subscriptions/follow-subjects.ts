import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { done, type DurableName, EventServer, type Running, ServiceDatabase, WakeSignal } from '@recert/bus';
import { subscribableEvent } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { FollowedSubjectRepository } from './followed-subject.repository';
import { WantedSubjects } from './wanted-subjects';
import { WriteDeliveries } from './write-deliveries';

/** Only for what other replicas were told. */
const LOOK_MS = 10_000;
/** Until then every replica has looked again, and nobody follows any more what is forgotten. */
const FORGET_AFTER_MS = 60_000;

/** Follows a subject for as long as a subscription wants it, and lets the bus forget it after that. */
@Injectable()
export class FollowSubjects implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('subscriptions');
  private readonly signal = new WakeSignal();
  private readonly following = new Map<string, Running>();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly wanted: WantedSubjects,
    private readonly followed: FollowedSubjectRepository,
    private readonly events: EventServer,
    private readonly deliveries: WriteDeliveries,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.wanted.onChange(() => this.signal.wake());
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.signal.wake();
    await this.running;
  }

  /** The subjects that this process follows now. */
  get subjects(): string[] {
    return [...this.following.keys()].sort();
  }

  /** Brings what is followed in line with what is wanted. */
  async look(): Promise<void> {
    const wanted = await this.wanted.now(this.database.dataSource.manager);
    const rows = await this.followed.all();
    const known = new Set(rows.filter((row) => row.unwantedSince === null).map((row) => row.subject));
    // A new version may know more subjects of a family.
    if (wanted.some((subject) => !known.has(subject)))
      await this.followed.want(this.database.dataSource.manager, wanted);
    for (const subject of wanted) if (!this.following.has(subject)) this.follow(subject);
    const isWanted = new Set(wanted);
    for (const [subject, running] of this.following) {
      if (isWanted.has(subject)) continue;
      this.following.delete(subject);
      await running.stop();
    }
    await this.forget(rows.map(({ subject }) => subject).filter((subject) => !isWanted.has(subject)));
  }

  private follow(subject: string): void {
    const event = subscribableEvent(subject);
    if (event === null) return;
    const running = this.events.follow({
      durable: durableOf(subject),
      event,
      handle: async (data, { tx, attributes }) => {
        await this.deliveries.write(tx, { subject, data, id: attributes.id, time: attributes.time });
        return done;
      },
    });
    this.following.set(subject, running);
  }

  private async forget(unwanted: readonly string[]): Promise<void> {
    if (unwanted.length === 0) return;
    const now = this.clock.now();
    await this.followed.noteUnwanted(unwanted, now);
    for (const subject of unwanted) {
      await this.database.transaction(async (tx) => {
        const isOver = await this.followed.remove(tx, subject, new Date(now.getTime() - FORGET_AFTER_MS));
        if (isOver) await this.events.forget(durableOf(subject));
      });
    }
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch((error: unknown) =>
        this.log.warn(`What subscriptions want cannot be followed, will try again: ${String(error)}`),
      );
      await this.signal.wait(LOOK_MS);
    }
  }
}

/** The name under which the bus remembers what was had of a subject. */
export function durableOf(subject: string): DurableName {
  return `registry.send-to-subscribers.${subject.replaceAll('.', '-')}`;
}
