import { type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { type NatsConnection } from '@nats-io/transport-node';

/** One unbroken time with one life of the stream. What was received in it may only be answered in it. */
export class Session {
  private static count = 0;
  readonly number = (Session.count += 1);
  private reject: (reason: Error) => void = () => undefined;
  private alive = true;
  /** Never resolves; rejects when the session is over. */
  readonly broken: Promise<never>;

  /** @param lineage when the stream was created, as the server says it */
  constructor(
    readonly connection: NatsConnection,
    readonly client: JetStreamClient,
    readonly manager: JetStreamManager,
    readonly lineage: string,
    readonly inboxPrefix: string,
  ) {
    this.broken = new Promise<never>((_, reject) => (this.reject = reject));
    this.broken.catch(() => undefined);
  }

  get open(): boolean {
    return this.alive;
  }

  /** The same connection with another life of the stream. */
  withLineage(lineage: string): Session {
    return new Session(this.connection, this.client, this.manager, lineage, this.inboxPrefix);
  }

  end(reason: Error): void {
    this.alive = false;
    this.reject(reason);
  }
}
