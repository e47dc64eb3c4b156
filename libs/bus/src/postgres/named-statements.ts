import { type Pool, type PoolClient, type QueryResult } from 'pg';

/** Texts that are put together anew each time must not fill the server's memory with plans. */
const MOST_NAMES = 300;

type Send = (...query: unknown[]) => Promise<QueryResult>;

/**
 * Gives every statement with parameters a name on its connection: the server reads it once and soon plans it no more,
 * which for our statements takes longer than running them. TypeORM sends them all without one.
 */
export function nameStatements(pool: Pick<Pool, 'on'>): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    const send = client.query.bind(client) as Send;
    client.query = named(client, send) as PoolClient['query'];
  });
}

function named(client: PoolClient, send: Send): Send {
  const names = new Map<string, string>();
  let generation = 1;
  const sendNamed: Send = (text, values) => {
    const name = names.get(text as string) ?? `recert_${generation}_${names.size}`;
    if (!names.has(text as string)) {
      if (names.size >= MOST_NAMES) return send(text, values);
      names.set(text as string, name);
    }
    return send({ name, text, values });
  };
  return async (...query) => {
    const [text, values] = query;
    const isNameable = query.length === 2 && typeof text === 'string' && Array.isArray(values) && values.length > 0;
    if (!isNameable) return send(...query);
    try {
      return await sendNamed(text, values);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      generation += 1;
      names.clear();
      // The transaction it stands in is lost: whoever began it begins again.
      if (client.getTransactionStatus() !== 'I') throw error;
      return sendNamed(text, values);
    }
  };
}

/** A newer version of the service has migrated a table, and what was `select *` has other columns now. */
function isOutdated(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === '0A000' && typeof message === 'string' && message.includes('cached plan');
}
