import { type EventContract } from '@recert/contracts';
import { type Invoke, type Measure } from '../event-consumer';
import { EventServer, type EventServerOptions } from '../event-server';
import { type ServiceDatabase } from '../service-database';
import { type Carriers } from '../switching/carriers';
import { type Transport } from '../transport';
import { TestLog } from './test-log';

export interface TestHandler {
  readonly durable: string;
  readonly event: EventContract;
  readonly concurrency?: number;
  readonly handle: Invoke;
}

export interface Served {
  readonly transport: Transport | Carriers;
  readonly databases: readonly ServiceDatabase[];
  readonly handlers?: readonly TestHandler[];
  readonly options?: EventServerOptions;
  readonly measure?: Measure;
  readonly log?: TestLog;
  /** What the process waits for before it begins. */
  readonly before?: (server: EventServer) => Promise<void>;
}

/** An event server as a process runs it, without Nest around its handlers. */
export function serve({ transport, databases, handlers = [], before, ...rest }: Served): EventServer {
  const server = new EventServer(transport, rest.log ?? new TestLog(), rest.measure, rest.options);
  for (const database of databases) server.join(database);
  for (const { durable, event, concurrency = 4, handle } of handlers)
    server.addHandler(durable, (data, delivery) => handle(data, delivery as never), true, { event, concurrency });
  const listen = (): void => server.listen(() => undefined);
  if (before === undefined) listen();
  else void before(server).then(listen);
  return server;
}

/** Writes the number into `effect`, in the handler's transaction. */
export const countEffect: Invoke = async (data, { tx }) => {
  await tx.db.query('insert into effect values ($1)', [(data as { n: number }).n]);
  return { kind: 'done' };
};
