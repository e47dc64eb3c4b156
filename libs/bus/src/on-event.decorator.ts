import 'reflect-metadata';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type DataOf, type EventAttributes, type EventContract } from '@recert/contracts';
import { keepingError } from './handler-failure';
import { type Outcome } from './outcome';
import { type Tx } from './transaction';

/** What a handler gets beside the data. */
export interface Delivery {
  /**
   * The handler's transaction. The inbox row is already in it: what the handler writes and publishes here happens
   * once, however often the event is delivered.
   */
  readonly tx: Tx;
  readonly attributes: EventAttributes;
  /** 1 at the first delivery. */
  readonly deliveries: number;
}

/** `service.rule`: the name under which the transport remembers what this handler has had. */
export type DurableName = `${string}.${string}`;

export interface OnEventOptions {
  /** WARNING: renaming it makes the handler receive every event that is still kept, as if it were new. */
  readonly durable: DurableName;
  /** How many events it may handle at once. Default 4; 1 keeps them in order as far as no delivery is repeated. */
  readonly concurrency?: number;
  /** What it publishes, also through what it calls. Default nothing. */
  readonly emits?: readonly EventContract[];
}

/** What `@OnEvent` leaves with Nest for the strategy to find. */
export interface HandlerExtras {
  readonly event: EventContract;
  readonly concurrency: number;
  /** Left out by what no `@OnEvent` declares. */
  readonly emits?: readonly EventContract[];
}

type Handler<E extends EventContract> = (data: DataOf<E>, delivery: Delivery) => Promise<Outcome>;

/**
 * Makes a method of a controller the handler of an event. A handler of another payload, or one that returns no
 * outcome, does not compile.
 */
export function OnEvent<E extends EventContract>(event: E, options: OnEventOptions) {
  const extras: HandlerExtras = { event, concurrency: options.concurrency ?? 4, emits: options.emits ?? [] };
  const mark = EventPattern<string>(options.durable, { ...extras });
  return (target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<Handler<E>>): void => {
    const handler = descriptor.value!;
    const wrapped = keepingError(handler);
    // Guards and interceptors that were declared below are found on the function.
    for (const name of Reflect.getMetadataKeys(handler) as unknown[])
      Reflect.defineMetadata(name, Reflect.getMetadata(name, handler), wrapped);
    Object.defineProperty(wrapped, 'name', { value: handler.name });
    descriptor.value = wrapped;
    mark(target, key, descriptor);
    // Without these two Nest passes the data alone.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
}

/** The service that a durable belongs to: what stands before its first dot. */
export function serviceOf(durable: string): string {
  return durable.slice(0, durable.indexOf('.'));
}
