import { Pool } from 'pg';
import { type BusLog } from '../transport';
import { outliveLostConnections } from './lost-connections';

/**
 * The statements are few and named: planning each of them anew would take longer than running it. But a plan that was
 * made while the tables were empty must do also when they are full.
 */
const PLANNING = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
];

/** So that the server soon lets go of the locks of a process whose machine or network is gone. */
const VIGILANCE = [
  'tcp_keepalives_idle=30',
  'tcp_keepalives_interval=10',
  'tcp_keepalives_count=3',
  'idle_in_transaction_session_timeout=60s',
];

/**
 * Settings of the server for a connection of the bus. The isolation is what the locking of publish and register relies
 * on, whatever the server's default is.
 * @param settings more of them, as `name=value`
 */
export function serverOptions(settings: readonly string[]): string {
  return [...PLANNING, ...VIGILANCE, 'default_transaction_isolation=read\\ committed', ...settings]
    .map((each) => `-c ${each}`)
    .join(' ');
}

/** @param silenceMs after which a statement counts as lost: a connection that hangs must not hang the bus */
export function busPool(url: string, max: number, settings: readonly string[], silenceMs: number, log: BusLog): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'recert bus',
    options: serverOptions(settings),
    connectionTimeoutMillis: silenceMs,
    query_timeout: silenceMs,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn('bus: an idle connection broke', { error: error.message }));
  outliveLostConnections(pool);
  return pool;
}
