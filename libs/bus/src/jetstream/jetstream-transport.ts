import { JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, errors, headers, type NatsConnection } from '@nats-io/transport-node';
import { toHeaders, type Envelope } from '../envelope';
import { type Observer, Observers } from '../observers';
import {
  AnotherSession,
  type BusLog,
  type Lineage,
  type Lying,
  RefusedEvent,
  type Receipt,
  type Running,
  type Subscription,
  type Transport,
} from '../transport';
import { Gate } from './gate';
import { PullLoop } from './pull-loop';
import { Session } from './session';
import { SubjectWatch } from './subject-watch';
import { ensureStream, isCarried, mendConsumers, pendingOf, removeConsumer, removeConsumersOf } from './stream';
import { messageAt, nextMessage } from './stored-message';
import { serverOptions } from './server-options';
import { warnOfServer } from './server-version';

const REQUEST_TIMEOUT_MS = 5_000;
/** JetStream's error codes for a message, or its headers, larger than the stream takes. */
const TOO_LARGE = [10054, 10097];

export interface JetStreamTransportOptions {
  /** What a process holds that is gone or hangs is delivered again after this long. */
  readonly ackWaitMs?: number;
  /** After which a connection that says nothing counts as broken. */
  readonly silenceMs?: number;
}

/** The bus on NATS JetStream: one stream, one durable pull consumer for each handler. */
export class JetStreamTransport implements Transport {
  readonly kind = 'jetstream';
  private readonly sessions = new Gate<Session>();
  private readonly loops = new Set<PullLoop>();
  private readonly watching: SubjectWatch;
  private readonly reconnected: (() => void)[] = [];
  private connection: NatsConnection | null = null;
  private connecting: Promise<void> | null = null;
  private problem = 'not connected yet';
  /** Counts the disconnections, so that what was looked at before one is not believed after it. */
  private era = 0;
  private readonly inboxPrefix: string;
  private readonly ackWaitMs: number;
  private readonly silenceMs: number;
  private endWaiting: () => void = () => undefined;
  private readonly closing = new Promise<void>((resolve) => (this.endWaiting = resolve));
  private closed = false;
  private ending: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly log: BusLog,
    { ackWaitMs = 15_000, silenceMs = 20_000 }: JetStreamTransportOptions = {},
  ) {
    this.ackWaitMs = ackWaitMs;
    this.silenceMs = silenceMs;
    this.watching = new SubjectWatch(new Observers(log), log);
    this.inboxPrefix = `_INBOX_${name.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  }

  async ready(): Promise<void> {
    this.connecting ??= this.connect();
    if ((await this.sessions.pass(Infinity, this.closing)) === null)
      throw new Error('the bus was closed before it connected');
  }

  health(): { ok: boolean; detail: string } {
    return this.sessions.current === null ? { ok: false, detail: this.problem } : { ok: true, detail: 'connected' };
  }

  async publish(batch: readonly Envelope[], known: number | null = null): Promise<readonly Receipt[]> {
    const session = await this.session();
    if (known !== null && known !== session.number) throw new AnotherSession();
    try {
      return await Promise.race([session.broken, Promise.all(batch.map((each) => publishOne(session, each)))]);
    } catch (error) {
      // "No responders" is what a publisher hears of a stream that is not there any more.
      if (session.open && !(error instanceof RefusedEvent)) await this.renew().catch(() => undefined);
      throw error;
    }
  }

  async lineage(): Promise<Lineage> {
    await this.session();
    return this.renew();
  }

  async holds(sequence: number, eventId: string): Promise<boolean> {
    const { manager } = await this.session();
    const message = await messageAt(manager, { seq: sequence });
    return message?.header.get('Nats-Msg-Id') === eventId;
  }

  onReconnect(listener: () => void): void {
    this.reconnected.push(listener);
  }

  async subscribe(subscription: Subscription): Promise<Running> {
    await this.ready();
    const loop = new PullLoop(subscription, this.sessions, () => this.renew(), this.ackWaitMs, this.log);
    await loop.start();
    this.loops.add(loop);
    return {
      stop: async () => {
        this.loops.delete(loop);
        await loop.stop();
      },
    };
  }

  async forget(durable: string): Promise<void> {
    const { manager } = await this.session();
    await removeConsumer(manager, durable);
  }

  async forgetAll(service: string): Promise<number> {
    const { manager } = await this.session();
    return removeConsumersOf(manager, service);
  }

  async next(subject: string, after: number): Promise<Lying | null> {
    const { manager } = await this.session();
    return nextMessage(manager, subject, after);
  }

  async backlog(durables: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { manager } = await this.session();
    const asked = durables.map(async (durable) => [durable, await pendingOf(manager, durable)] as const);
    return new Map(await Promise.all(asked));
  }

  async observe(observer: Observer): Promise<Running> {
    await this.ready();
    return this.watching.add(observer);
  }

  close(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private async end(): Promise<void> {
    this.closed = true;
    this.endWaiting();
    await Promise.all([...this.loops].map((loop) => loop.stop()));
    this.sessions.current?.end(new Error('the bus is closed'));
    this.sessions.shut();
    await this.connection?.close();
    await this.connecting;
  }

  private async session(): Promise<Session> {
    this.connecting ??= this.connect();
    const session = await this.sessions.pass(REQUEST_TIMEOUT_MS, this.closing);
    if (session === null) throw new Error(this.problem);
    return session;
  }

  /** Makes sure that the stream is there. Another stream than before is the beginning of another session. */
  private async renew(): Promise<Lineage> {
    let session = await this.session();
    const info = await ensureStream(session.manager);
    if (session.open && info.created !== session.lineage) {
      session.end(new Error('the stream was made anew'));
      session = session.withLineage(info.created);
      this.begin(session);
    }
    return {
      id: info.created,
      session: session.number,
      firstSequence: info.state.first_seq,
      lastSequence: info.state.last_seq,
    };
  }

  private begin(session: Session): void {
    this.sessions.open(session);
    this.watching.follow(session.connection);
    for (const listener of this.reconnected) listener();
  }

  private async connect(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt += 1) {
      try {
        const connection = await this.dial();
        this.connection = connection;
        void this.watch(connection);
        await this.beginSession(connection);
        return;
      } catch (error) {
        this.problem = `NATS: ${describe(error)}`;
        if (attempt % 10 === 1) this.log.warn('bus: cannot connect yet', { error: this.problem, attempt });
        await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 2000)));
      }
    }
  }

  /** Keeps trying for as long as the connection is there: JetStream wakes up a little after its server. */
  private async beginSession(connection: NatsConnection): Promise<void> {
    const { era } = this;
    const isCurrent = (): boolean => !this.closed && this.era === era && !connection.isClosed();
    for (let attempt = 1; isCurrent(); attempt += 1) {
      try {
        const manager = await jetstreamManager(connection, { timeout: REQUEST_TIMEOUT_MS });
        const info = await ensureStream(manager);
        const mended = await mendConsumers(manager, info.state.last_seq);
        if (mended.length > 0)
          this.log.warn('bus: the stream was rolled back behind its consumers; they were made anew', { mended });
        if (!isCurrent()) return;
        const client = jetstream(connection, { timeout: REQUEST_TIMEOUT_MS });
        return this.begin(new Session(connection, client, manager, info.created, this.inboxPrefix));
      } catch (error) {
        this.problem = `NATS: ${describe(error)}`;
        if (attempt % 10 === 1) this.log.warn('bus: JetStream does not answer yet', { error: this.problem, attempt });
        await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 2000)));
      }
    }
  }

  private async dial(): Promise<NatsConnection> {
    const connection = await connect({
      ...serverOptions(this.url),
      name: this.name,
      timeout: REQUEST_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      pingInterval: this.silenceMs / 2,
      maxPingOut: 1,
      // Else each request costs two stack traces.
      noAsyncTraces: true,
      inboxPrefix: this.inboxPrefix,
    });
    if (this.closed) await connection.close();
    else warnOfServer(connection.info?.version ?? 'unknown', this.log);
    return connection;
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.over('NATS: disconnected');
      if (status.type === 'reconnect') void this.beginSession(connection);
    }
    // The client gives up by itself when the server refuses its credentials.
    if (this.closed) return;
    this.over('NATS: the connection was closed');
    this.connecting = this.connect();
  }

  private over(problem: string): void {
    this.problem = problem;
    this.era += 1;
    this.sessions.current?.end(new Error(problem));
    this.sessions.shut();
  }
}

async function publishOne(session: Session, { attributes, payload }: Envelope): Promise<Receipt> {
  const carried = headers();
  for (const [name, value] of Object.entries(toHeaders(attributes))) carried.set(name, value);
  try {
    const ack = await session.client.publish(attributes.type, payload, {
      msgID: attributes.id,
      headers: carried,
      timeout: REQUEST_TIMEOUT_MS,
    });
    return { lineage: session.lineage, sequence: ack.seq };
  } catch (error) {
    if (!isRefusal(error) && isCarried(attributes.type)) throw error;
    const reason = isCarried(attributes.type) ? describe(error) : `no stream carries "${attributes.type}"`;
    throw new RefusedEvent(attributes.id, reason, { cause: error });
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof errors.InvalidArgumentError ||
    error instanceof errors.InvalidSubjectError ||
    (error instanceof JetStreamApiError && TOO_LARGE.includes(error.code))
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
