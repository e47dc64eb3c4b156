import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { DeadLetters } from './dead-letters';
import { EventConsumer, type Invoke, type Measure } from './event-consumer';
import { withOriginalError } from './handler-failure';
import { type Followed } from './followed';
import { serviceOf, type HandlerExtras } from './on-event.decorator';
import { isOperational } from './operational-error';
import { type Outcome } from './outcome';
import { type Observer } from './observers';
import { type OutboxRelay, type RelayOptions } from './outbox-relay';
import { Retention, type RetentionOptions } from './retention';
import { type ServiceDatabase } from './service-database';
import { backlogOf, Carriage } from './switching/carriage';
import { Carriers } from './switching/carriers';
import { readMemberState } from './switching/member-table';
import { type Observation, Observing } from './switching/observing';
import { type Consumed } from './switching/taking';
import { type BusLog, type Incoming, type Running, type Transport } from './transport';

const LOOK_AGAIN_MS = 500;
/** Every transport can hold such a name, and tell any two of them apart. */
const DURABLE_NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/;

export interface EventServerOptions {
  readonly relay?: RelayOptions;
  readonly retention?: RetentionOptions;
  /** Whether the services tell what steps they take. */
  readonly tellsSteps?: boolean;
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
  private readonly carriages = new Map<string, Carriage>();
  private readonly retentions: Retention[] = [];
  private readonly carriers: Carriers;
  private readonly observing: Observing;
  private beginning: Promise<unknown> = Promise.resolve();
  private closing = false;
  private closed: Promise<void> | null = null;

  /** @param carrier the one transport there is, or the ways to several that the bus may be switched between */
  constructor(
    carrier: Transport | Carriers,
    private readonly log: BusLog,
    private readonly measure?: Measure,
    private readonly options: EventServerOptions = {},
  ) {
    super();
    this.carriers = carrier instanceof Carriers ? carrier : Carriers.only(carrier);
    this.observing = new Observing(this.carriers, log);
  }

  /** Each service of the process joins with its database before the server listens. */
  join(database: ServiceDatabase): void {
    this.databases.set(database.service, database);
    this.carriages.set(database.service, new Carriage(database, this.carriers, this.log, this.options.relay));
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
    const declared = [...this.messageHandlers].map(
      ([durable, handler]) => [durable, this.consumerFor(durable, handler)] as const,
    );
    for (const database of this.databases.values()) this.serve(database);
    for (const [durable, consumed] of declared) {
      this.consumers.set(durable, consumed);
      void this.carriageOf(durable).add(durable, consumed);
    }
    this.beginning = Promise.all([...this.carriages.values()].map((carriage) => this.begin(carriage)));
    callback();
  }

  /** Takes no more events, finishes those in hand, publishes what they left in the outboxes. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    this.closing = true;
    this.observing.end();
    const carriages = [...this.carriages.values()];
    await Promise.all(carriages.map((carriage) => carriage.stopTaking()));
    await Promise.all(this.joined().map(({ steps }) => steps.stop()));
    await Promise.all(carriages.map((carriage) => carriage.stopPublishing()));
    await Promise.all(this.retentions.map((retention) => retention.stop()));
    await this.carriers.close();
    await Promise.all([this.beginning, ...carriages.map((carriage) => carriage.ended())]);
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
    return [...this.carriersInUse(), ...databases];
  }

  /** How many events the bus holds for each consumer of this process, on all transports that are in use. */
  backlog(): Promise<ReadonlyMap<string, number>> {
    return backlogOf([...this.carriages.values()]);
  }

  relay(service: string): OutboxRelay | undefined {
    return this.carriages.get(service)?.relay;
  }

  /** How a service of this process is carried; undefined where it is not here. */
  carriage(service: string): Carriage | undefined {
    return this.carriages.get(service);
  }

  /** The address that BUS_URL says, and what this process may be switched to. */
  get ways(): Carriers {
    return this.carriers;
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
    return this.observing.add(observer);
  }

  /**
   * Takes up a consumer that no handler declares, with the same promises, for as long as it is wanted. Stopping it keeps
   * its durable: what comes meanwhile waits for it, until `forget`.
   * @throws Error when its durable has a consumer already, or is not a name of a service of this process
   */
  follow({ durable, event, concurrency = 4, handle }: Followed): Running {
    if (this.consumers.has(durable)) throw new Error(`"${durable}" is followed already`);
    const consumed = this.consumerOf(durable, { event, concurrency }, handle);
    const carriage = this.carriageOf(durable);
    this.consumers.set(durable, consumed);
    const begun = carriage.add(durable, consumed);
    this.beginning = Promise.all([this.beginning, begun]);
    return {
      stop: async () => {
        if (this.consumers.get(durable) !== consumed) return;
        this.consumers.delete(durable);
        await carriage.drop(durable);
      },
    };
  }

  /**
   * Lets the bus keep nothing more for a durable that nobody follows any more. Followed again, it is as new.
   * @throws Error when the bus cannot be asked now
   */
  async forget(durable: string): Promise<void> {
    if (this.consumers.has(durable)) throw new Error(`"${durable}" is followed: stop that first`);
    const carriage = this.carriageOf(durable);
    for (const address of carriage.inUse) {
      const transport = carriage.at(address);
      const { ok, detail } = transport.health();
      if (!ok) throw new Error(detail);
      await transport.forget(durable);
    }
  }

  // Nest asks every server for these two; the bus has no client events of its own.
  override on(): void {}
  override unwrap<T>(): T {
    return this.carriers as T;
  }

  private serve(database: ServiceDatabase): void {
    const retention = new Retention(database, this.log, this.options.retention);
    this.retentions.push(retention);
    retention.start();
    if (this.options.tellsSteps) database.steps.start(this.log);
  }

  /** By the transport that BUS_URL says, or where a switch has led since. */
  private async begin(carriage: Carriage): Promise<void> {
    const { service } = carriage.database;
    while (!this.closing) {
      try {
        await carriage.follow(await readMemberState(carriage.database, this.carriers.home));
        return;
      } catch (error) {
        if (this.closing) return;
        const level = isOperational(error) ? 'warn' : 'error';
        this.log[level]('bus: the service is not carried yet, will try again', { service, error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
  }

  private carriersInUse(): { name: string; ok: boolean; detail: string }[] {
    const carriages = [...this.carriages.values()];
    const uncarried = carriages.filter((carriage) => carriage.problem !== null);
    const addresses = new Set(carriages.map((carriage) => carriage.publishesOn));
    return [...this.carriers.all]
      .filter(([address]) => addresses.has(address) || carriages.length === 0)
      .map(([address, transport]) => {
        const others = [...this.carriers.all.keys()].filter((other) => other !== address);
        const { ok, detail } = transport.health();
        const isSwitched = others.length > 0 ? `; a switch is under way, with ${others.join(', ')}` : '';
        return { name: `bus ${transport.kind}`, ok, detail: `${detail}${isSwitched}` };
      })
      .concat(uncarried.map((carriage) => ({ name: 'bus', ok: false, detail: carriage.problem! })));
  }

  private carriageOf(durable: string): Carriage {
    const carriage = this.carriages.get(serviceOf(durable));
    if (carriage === undefined) throw new Error(`"${durable}" is of no service of this process`);
    return carriage;
  }

  private consumerFor(durable: string, handler: MessageHandler): Consumed {
    const extras = handler.extras as HandlerExtras | undefined;
    if (extras?.event === undefined) throw new Error(`Handler "${durable}" was not declared with @OnEvent.`);
    return this.consumerOf(durable, extras, invokeNest(handler));
  }

  private consumerOf(durable: string, { event, concurrency, emits }: HandlerExtras, invoke: Invoke): Consumed {
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
    const handler = { durable, event, invoke, ...(emits === undefined ? {} : { emits }) };
    const consumer = new EventConsumer(handler, database, this.log, this.measure);
    return { consumer, subject: event.subject, concurrency };
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
