import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { toHeaders, type Envelope } from '../envelope';
import { type BusLog, type Lineage, type Receipt, type Running, type Subscription, type Transport } from '../transport';
import { PullLoop } from './pull-loop';
import { ensureStream } from './stream';

const PUBLISH_TIMEOUT_MS = 5_000;

/** The bus on NATS JetStream: one stream, one durable pull consumer for each handler. */
export class JetStreamTransport implements Transport {
  readonly kind = 'jetstream';
  private connection: NatsConnection | null = null;
  private client: JetStreamClient | null = null;
  private manager: JetStreamManager | null = null;
  private connected: Promise<void> | null = null;
  private problem: string | null = 'not connected yet';
  private lineageId = '';
  private closed = false;
  private readonly reconnected: (() => void)[] = [];
  private readonly loops = new Set<PullLoop>();

  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly log: BusLog,
  ) {}

  ready(): Promise<void> {
    this.connected ??= this.connect();
    return this.connected;
  }

  health(): { ok: boolean; detail: string } {
    return this.problem === null ? { ok: true, detail: 'connected' } : { ok: false, detail: this.problem };
  }

  async publish(batch: readonly Envelope[]): Promise<readonly Receipt[]> {
    await this.ready();
    try {
      return await Promise.all(batch.map((envelope) => this.publishOne(envelope)));
    } catch (error) {
      // "No responders" is what a publisher hears of a stream that is not there any more.
      await this.prepareStream().catch(() => undefined);
      throw error;
    }
  }

  async lineage(): Promise<Lineage> {
    await this.ready();
    return this.prepareStream();
  }

  onReconnect(listener: () => void): void {
    this.reconnected.push(listener);
  }

  async subscribe(subscription: Subscription): Promise<Running> {
    await this.ready();
    const loop = new PullLoop(
      subscription,
      () => ({ client: this.client!, manager: this.manager! }),
      () => this.prepareStream(),
      this.log,
    );
    this.loops.add(loop);
    await loop.start();
    return {
      stop: async () => {
        this.loops.delete(loop);
        await loop.stop();
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.loops].map((loop) => loop.stop()));
    // Drain sends the acks that are still in the socket's buffer.
    await this.connection?.drain().catch(() => undefined);
  }

  private async publishOne(envelope: Envelope): Promise<Receipt> {
    const carried = headers();
    for (const [name, value] of Object.entries(toHeaders(envelope.attributes))) carried.set(name, value);
    const ack = await this.client!.publish(envelope.attributes.type, envelope.payload, {
      msgID: envelope.attributes.id,
      headers: carried,
      timeout: PUBLISH_TIMEOUT_MS,
    });
    return { lineage: this.lineageId, sequence: ack.seq };
  }

  private async prepareStream(): Promise<Lineage> {
    const info = await ensureStream(this.manager!);
    this.lineageId = info.created;
    return { id: info.created, lastSequence: info.state.last_seq };
  }

  private async connect(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt += 1) {
      try {
        this.connection ??= await this.open();
        this.manager = await jetstreamManager(this.connection, { timeout: PUBLISH_TIMEOUT_MS });
        this.client = jetstream(this.connection, { timeout: PUBLISH_TIMEOUT_MS });
        await this.prepareStream();
        this.problem = null;
        return;
      } catch (error) {
        this.problem = `NATS: ${(error as Error).message}`;
        this.log.warn('bus: cannot connect yet', { error: this.problem, attempt });
        await new Promise((resolve) => setTimeout(resolve, Math.min(200 * attempt, 3000)));
      }
    }
    throw new Error('the bus was closed before it connected');
  }

  private async open(): Promise<NatsConnection> {
    const connection = await connect({
      servers: this.url,
      name: this.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      inboxPrefix: `_INBOX_${this.name}`,
    });
    const version = connection.info?.version ?? 'unknown';
    this.log.info('bus: connected to NATS', { version });
    if (isBefore(version, 2, 10)) {
      this.log.warn(
        'bus: this nats-server cannot write each message to disk before it confirms it (sync_interval is new in 2.10): a power cut loses confirmed messages, until the outboxes fill them in again. Use 2.14 or newer with sync_interval: always.',
        { version },
      );
    } else if (isBefore(version, 2, 14)) {
      this.log.warn('bus: nats-server 2.14 or newer with sync_interval: always is recommended', { version });
    }
    void this.watch(connection);
    return connection;
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.problem = 'NATS: disconnected';
      if (status.type === 'reconnect') {
        this.problem = null;
        for (const loop of this.loops) loop.restart();
        for (const listener of this.reconnected) listener();
      }
    }
  }
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}
