import { type Pool, type PoolClient } from 'pg';

/**
 * Keeps a connection that breaks while it is handed out, or between two statements, from ending the process: nobody
 * listens to it then, and the next statement fails anyway.
 */
export function outliveLostConnections(pool: Pick<Pool, 'on'>): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
  });
}
