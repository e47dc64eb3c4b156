import { type NodeConnectionOptions } from '@nats-io/transport-node';

/** Where a NATS url leads, and who comes there. */
export type ServerOptions = Pick<NodeConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'>;

/**
 * What the client takes apart from one another and a url has together: `nats://user:password@host:4222`, or with a token
 * alone `nats://token@host`; `tls://` asks for an encrypted connection.
 */
export function serverOptions(url: string): ServerOptions {
  const { protocol, host, username, password } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: host,
    ...(user !== '' && pass !== '' ? { user, pass } : {}),
    ...(user !== '' && pass === '' ? { token: user } : {}),
    ...(protocol === 'tls:' ? { tls: {} } : {}),
  };
}
