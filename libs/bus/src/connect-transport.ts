import { JetStreamTransport } from './jetstream/jetstream-transport';
import { PostgresTransport } from './postgres/postgres-transport';
import { type BusLog, type Transport } from './transport';

/**
 * The transport that a `BUS_URL` names: `nats://..` (or `tls://..`) is JetStream, `postgres://..` is PostgreSQL.
 * Nothing else in the system knows which.
 * @param name of the process, as the server's monitoring shows it
 * @throws Error that says which urls are possible
 */
export function connectTransport(url: string, name: string, log: BusLog): Transport {
  if (/^(nats|tls):\/\//.test(url)) return new JetStreamTransport(url, name, log);
  if (/^postgres(ql)?:\/\//.test(url)) return new PostgresTransport(url, log);
  throw new Error('BUS_URL must begin with nats:// or postgres://, for example nats://127.0.0.1:4222');
}
