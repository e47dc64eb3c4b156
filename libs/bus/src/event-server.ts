import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { DeadLetters } from './dead-letters';
import { EventConsumer, type Invoke, type Observe } from './event-consumer';
import { withOriginalError } from './handler-failure';
import { type Followed } from './followed';
import { serviceOf, type HandlerExtras } from './on-event.decorator';
import { type Outcome } from './outcome';
import { type Observer } from './observers';
import { OutboxRelay, type RelayOptions } from './outbox-relay';
import { Retention, type RetentionOptions } from './retention';
import { type ServiceDatabase } from './service-database';
import { type BusLog, type Incoming, type Running, type Transport } from './transport';

const SUBSCRIBE_AGAIN_MS = 500;
/** Every transport can hold such a name, and tell any two of them apart. */
const DURABLE_NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/;

export interface EventServerOptions {
  readonly relay?: RelayOptions;
  readonly retention?: RetentionOptions;
}

/** What somebody who observes holds on to. */
export interface Observation extends Running {
  /** Resolves when whatever passes from now on is seen. While the transport is away that may be long. */
  readonly begun: Promise<void>;
}

/** A consumer, and how many events it takes at once. */
interface Consumed {
  readonly consumer: EventConsumer;
  readonly subject: string;
  readonly concurrency: number;
}

/** Runs a dead letter again. @returns null when it is done, else the reason why it failed again */
export type Replay = (incoming: Incoming) => Promise<string | null>;

/**
 * The bus as Nest's microservice machinery sees it: finds the `@OnEvent` handlers, and runs one consumer for each and
 * one outbox relay for each service of this process.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  private readonly databases = new Map<string, ServiceDatabase>();
  private readonly consumers = new Map<string, Consumed>();
  private readonly replayers = new Map<string, Replay>();
  private readonly relays = new Map<string, OutboxRelay>();
  private readonly retentions: Retention[] = [];
  private running: Running[] = [];
  private subscribing: Promise<void> = Promise.resolve();
  private closing = false;
  private closed: Promise<void> | null = null;

  constructor(
    private readonly busTransport: Transport,
    private readonly log: BusLog,
    private readonly measure: Observe = () => undefined,
    private readonly options: EventServerOptions = {},
  ) {
    super();
  }

  /** Each service of the process joins with its database before the server listens. */
  join(database: ServiceDatabase): void {
    this.databases.set(database.service, database);
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const durable = String(pattern);
    if (this.messageHandlers.has(durable)) {
      throw new Error(
        `Two handlers claim the durable name "${durable}": each would get a part of the events. Rename one.`,
      );
    }
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Answers at once: a transport that is away must not keep HTTP from being served. */
  listen(callback: () => void): void {
    for (const [durable, handler] of this.messageHandlers)
      this.consumers.set(durable, this.consumerFor(durable, handler));
    for (const database of this.databases.values()) this.serve(database);
    this.subscribing = this.subscribeAll();
    callback();
  }

  /** Takes no more events, finishes those in hand, publishes what they left in the outboxes. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    this.closing = true;
    await Promise.all(this.running.map((subscription) => subscription.stop()));
    await Promise.all([...this.relays.values(), ...this.retentions].map((part) => part.stop()));
    await this.busTransport.close();
    await this.subscribing;
  }

  /** The bus and each database, for the health page. */
  async health(): Promise<{ name: string; ok: boolean; detail: string }[]> {
    const ask = async (database: ServiceDatabase): Promise<{ name: string; ok: boolean; detail: string }> => {
      const name = `database ${database.service}`;
      try {
        await database.query('select 1');
        return { name, ok: true, detail: 'answers' };
      } catch (error) {
        return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
    };
    const databases = await Promise.all([...this.databases.values()].map(ask));
    return [{ name: `bus ${this.busTransport.kind}`, ...this.busTransport.health() }, ...databases];
  }

  relay(service: string): OutboxRelay | undefined {
    return this.relays.get(service);
  }

  /** The databases of the services of this process. */
  joined(): readonly ServiceDatabase[] {
    return [...this.databases.values()];
  }

  deadLetters(): DeadLetters[] {
    return [...this.databases.values()].map((database) => new DeadLetters(database));
  }

  /** Dead letters of this name are not of the bus: `replay` runs them again. */
  onReplay(consumer: string, replay: Replay): void {
    this.replayers.set(consumer, replay);
  }

  /**
   * Runs a dead letter again.
   * @returns null when it is done now, else why it failed again; undefined when there is no such dead letter
   */
  async replay(id: string): Promise<string | null | undefined> {
    for (const letters of this.deadLetters()) {
      const found = await letters.find(id);
      if (found === null) continue;
      const consumer = this.consumers.get(found.consumer)?.consumer;
      const replay = consumer === undefined ? this.replayers.get(found.consumer) : consumer.replay.bind(consumer);
      return replay === undefined ? `the consumer ${found.consumer} does not exist any more` : replay(found.incoming);
    }
    return undefined;
  }

  /**
   * Shows every event that passes on the bus, of every service, without any promise: there is no inbox and no ack, and
   * nothing is kept. Each is seen once by each observer of the process, a repeated one perhaps again.
   */
  observe(observer: Observer): Observation {
    let stopped = false;
    const isOver = (): boolean => stopped || this.closing;
    const running = this.insist('observe', {}, isOver, () => this.busTransport.observe(observer));
    return {
      begun: running.then(() => undefined),
      stop: async () => {
        stopped = true;
        await (await running)?.stop();
      },
    };
  }

  /**
   * Takes up a consumer that no handler declares, with the same promises, for as long as it is wanted. Stopping it keeps
   * its durable: what comes meanwhile waits for it, until `forget`.
   * @throws Error when its durable has a consumer already, or is not a name of a service of this process
   */
  follow({ durable, event, concurrency = 4, handle }: Followed): Running {
    if (this.consumers.has(durable)) throw new Error(`"${durable}" is followed already`);
    const consumed = this.consumerOf(durable, { event, concurrency }, handle);
    this.consumers.set(durable, consumed);
    let stopped = false;
    let running: Running | null = null;
    const isOver = (): boolean => stopped || this.closing;
    const begun = this.begin(durable, consumed, isOver).then((begun) => void (running = begun));
    this.subscribing = Promise.all([this.subscribing, begun]).then(() => undefined);
    return {
      stop: async () => {
        stopped = true;
        if (this.consumers.get(durable) === consumed) this.consumers.delete(durable);
        this.running = this.running.filter((each) => each !== running);
        // What the transport has not taken yet ends as soon as it does.
        await running?.stop();
      },
    };
  }

  /**
   * Lets the bus keep nothing more for a durable that nobody follows any more. Followed again, it is as new.
   * @throws Error when the bus cannot be asked now
   */
  async forget(durable: string): Promise<void> {
    if (this.consumers.has(durable)) throw new Error(`"${durable}" is followed: stop that first`);
    const { ok, detail } = this.busTransport.health();
    if (!ok) throw new Error(detail);
    await this.busTransport.forget(durable);
  }

  // Nest asks every server for these two; the bus has no client events of its own.
  override on(): void {}
  override unwrap<T>(): T {
    return this.busTransport as T;
  }

  private serve(database: ServiceDatabase): void {
    const relay = new OutboxRelay(database, this.busTransport, this.log, this.options.relay);
    const retention = new Retention(database, this.log, this.options.retention);
    this.relays.set(database.service, relay);
    this.retentions.push(retention);
    relay.start();
    retention.start();
  }

  private consumerFor(durable: string, handler: MessageHandler): Consumed {
    const extras = handler.extras as HandlerExtras | undefined;
    if (extras?.event === undefined) throw new Error(`Handler "${durable}" was not declared with @OnEvent.`);
    return this.consumerOf(durable, extras, invokeNest(handler));
  }

  private consumerOf(durable: string, { event, concurrency }: HandlerExtras, invoke: Invoke): Consumed {
    const database = this.databases.get(serviceOf(durable));
    if (database === undefined) {
      throw new Error(
        `Handler "${durable}" belongs to no service of this process: its durable must begin with the service's name and a dot.`,
      );
    }
    if (!DURABLE_NAME.test(durable)) {
      throw new Error(
        `Handler "${durable}": a durable name is made of a-z, 0-9, dashes and dots, such as registry.open-review-when-process-is-due.`,
      );
    }
    const consumer = new EventConsumer({ durable, event, invoke }, database, this.log, this.measure);
    return { consumer, subject: event.subject, concurrency };
  }

  private async subscribeAll(): Promise<void> {
    const isOver = (): boolean => this.closing;
    for (const durable of this.messageHandlers.keys()) {
      const running = await this.begin(durable, this.consumers.get(durable)!, isOver);
      if (running === null || this.closing) return;
    }
    this.log.info('bus: consuming', { transport: this.busTransport.kind, consumers: this.messageHandlers.size });
  }

  /** @returns null when it was over before the transport took the subscription */
  private async begin(
    durable: string,
    { consumer, subject, concurrency }: Consumed,
    isOver: () => boolean,
  ): Promise<Running | null> {
    const receive = consumer.receive.bind(consumer);
    const subscription = { durable, subject, concurrency, receive };
    const running = await this.insist('subscribe', { durable }, isOver, () =>
      this.busTransport.subscribe(subscription),
    );
    if (running === null) return null;
    this.running.push(running);
    if (isOver()) await running.stop();
    return running;
  }

  /** @returns null when it was over before the transport took it */
  private async insist(
    what: 'subscribe' | 'observe',
    fields: Record<string, unknown>,
    isOver: () => boolean,
    begin: () => Promise<Running>,
  ): Promise<Running | null> {
    while (!isOver()) {
      try {
        await this.busTransport.ready();
        return await begin();
      } catch (error) {
        if (isOver()) break;
        this.log.warn(`bus: could not ${what}, will try again`, { ...fields, error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, SUBSCRIBE_AGAIN_MS));
      }
    }
    return null;
  }
}

/** A handler's throw reaches a custom server as an erroring Observable: it must be awaited to be noticed. */
function invokeNest(handler: MessageHandler): Invoke {
  return (data, delivery) =>
    withOriginalError(delivery, async () => {
      const result: unknown = await handler(data, delivery);
      return (isObservable(result) ? await lastValueFrom(result) : result) as Outcome;
    });
}
