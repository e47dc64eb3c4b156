import { type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { type Observer, type Observers } from '../observers';
import { type BusLog, type Running } from '../transport';
import { passing } from './stream-message';
import { subjects } from './stream';

/** Plain subscriptions on the subjects of the stream, while somebody observes. */
export class SubjectWatch {
  private connection: NatsConnection | null = null;
  private subscriptions: Subscription[] = [];

  constructor(
    private readonly observers: Observers,
    private readonly log: BusLog,
  ) {}

  /** A session has begun; the client carries its subscriptions over to a connection that it has mended itself. */
  follow(connection: NatsConnection): void {
    this.observers.passedOver(null);
    if (this.connection === connection) return;
    this.unsubscribe();
    this.connection = connection;
    if (this.observers.some) this.subscribe(connection);
  }

  /** Resolves when the server knows of it. */
  async add(observer: Observer): Promise<Running> {
    const end = this.observers.add(observer);
    const { connection } = this;
    if (connection !== null && this.subscriptions.length === 0) this.subscribe(connection);
    await connection?.flush().catch(() => undefined);
    return {
      stop: async () => {
        end();
        if (!this.observers.some) this.unsubscribe();
      },
    };
  }

  private subscribe(connection: NatsConnection): void {
    this.subscriptions = subjects().map((subject) =>
      connection.subscribe(subject, {
        callback: (error, message) => {
          // A user of NATS may be kept from reading some subjects; it sees the others.
          if (error === null) this.observers.saw(passing(message));
          else this.log.warn('bus: cannot observe', { subject, error: error.message });
        },
      }),
    );
  }

  private unsubscribe(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.subscriptions = [];
  }
}
