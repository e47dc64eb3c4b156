import { createHash } from 'node:crypto';

/**
 * The key of an advisory lock, from a name such as `registry.import`. All services may share one database, where two
 * that had picked the same number would wait for each other for ever.
 * @returns a signed 64-bit integer as text, as `pg_advisory_lock` takes it
 */
export function lockKey(name: `${string}.${string}`): string {
  return createHash('sha256').update(name).digest().readBigInt64BE(0).toString();
}
