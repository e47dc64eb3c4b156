import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { DeadLetters } from './dead-letters';
import { EventConsumer, type Invoke, type Verdict } from './event-consumer';
import { serviceOf, type HandlerExtras } from './on-event.decorator';
import { type Outcome } from './outcome';
import { OutboxRelay } from './outbox-relay';
import { type ServiceDatabase } from './service-database';
import { type BusLog, type Running, type Transport } from './transport';

/**
 * The bus as Nest's microservice machinery sees it: finds the `@OnEvent` handlers, and runs one consumer for each and
 * one outbox relay for each service of this process.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  private readonly databases = new Map<string, ServiceDatabase>();
  private readonly consumers = new Map<string, EventConsumer>();
  private readonly relays = new Map<string, OutboxRelay>();
  private running: Running[] = [];
  private closing = false;

  constructor(
    private readonly busTransport: Transport,
    private readonly log: BusLog,
    private readonly observe: (durable: string, verdict: Verdict, seconds: number) => void = () => undefined,
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
    for (const database of this.databases.values()) this.relays.set(database.service, this.startRelay(database));
    void this.subscribeAll();
    callback();
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.running.map((subscription) => subscription.stop()));
    await Promise.all([...this.relays.values()].map((relay) => relay.stop()));
    await this.busTransport.close();
  }

  /** The bus and each database, for the health page. */
  async health(): Promise<{ name: string; ok: boolean; detail: string }[]> {
    const ask = async (database: ServiceDatabase): Promise<{ name: string; ok: boolean; detail: string }> => {
      try {
        await database.query('select 1');
        return { name: `database ${database.service}`, ok: true, detail: 'answers' };
      } catch (error) {
        return { name: `database ${database.service}`, ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
    };
    const databases = await Promise.all([...this.databases.values()].map(ask));
    return [{ name: `bus ${this.busTransport.kind}`, ...this.busTransport.health() }, ...databases];
  }

  relay(service: string): OutboxRelay | undefined {
    return this.relays.get(service);
  }

  deadLetters(): DeadLetters[] {
    return [...this.databases.values()].map((database) => new DeadLetters(database));
  }

  /**
   * Runs a dead letter again.
   * @returns null when it is done now, else why it failed again; undefined when there is no such dead letter
   */
  async replay(id: string): Promise<string | null | undefined> {
    for (const letters of this.deadLetters()) {
      const found = await letters.find(id);
      if (found === null) continue;
      const consumer = this.consumers.get(found.consumer);
      if (consumer === undefined) return `the consumer ${found.consumer} does not exist any more`;
      return consumer.replay(found.incoming);
    }
    return undefined;
  }

  // Nest asks every server for these two; the bus has no client events of its own.
  override on(): void {}
  override unwrap<T>(): T {
    return this.busTransport as T;
  }

  private startRelay(database: ServiceDatabase): OutboxRelay {
    const relay = new OutboxRelay(database, this.busTransport, this.log);
    relay.start();
    return relay;
  }

  private consumerFor(durable: string, handler: MessageHandler): EventConsumer {
    const extras = handler.extras as HandlerExtras | undefined;
    if (extras?.event === undefined) throw new Error(`Handler "${durable}" was not declared with @OnEvent.`);
    const database = this.databases.get(serviceOf(durable));
    if (database === undefined) {
      throw new Error(
        `Handler "${durable}" belongs to no service of this process: its durable must begin with the service's name and a dot.`,
      );
    }
    return new EventConsumer(
      durable,
      extras.event,
      invokeNest(handler),
      database,
      new DeadLetters(database),
      this.log,
      this.observe,
    );
  }

  private async subscribeAll(): Promise<void> {
    try {
      await this.busTransport.ready();
      for (const [durable, consumer] of this.consumers) {
        if (this.closing) return;
        const { event, concurrency } = this.messageHandlers.get(durable)!.extras as unknown as HandlerExtras;
        const receive = consumer.receive.bind(consumer);
        this.running.push(await this.busTransport.subscribe({ durable, subject: event.subject, concurrency, receive }));
      }
      this.log.info('bus: consuming', { transport: this.busTransport.kind, consumers: this.consumers.size });
    } catch (error) {
      if (!this.closing) this.log.error('bus: could not subscribe', { error: String(error) });
    }
  }
}

/** A handler's throw reaches a custom server as an erroring Observable: it must be awaited to be noticed. */
function invokeNest(handler: MessageHandler): Invoke {
  return async (data, delivery) => {
    const result: unknown = await handler(data, delivery);
    return (isObservable(result) ? await lastValueFrom(result) : result) as Outcome;
  };
}
