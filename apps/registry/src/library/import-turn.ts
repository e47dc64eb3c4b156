import { lockKey, type ServiceDatabase, type Tx } from '@recert/bus';
import { StaleProcessError } from '../processes/process.repository';

const IMPORT_LOCK = lockKey('registry.import');
const ATTEMPTS = 5;
/** SQLSTATE of a transaction that was ended because two waited for each other. */
const DEADLOCK = '40P01';

/**
 * Runs `work` in a transaction when its turn has come: imports, and changes of products and of who owns them, wait for
 * one another, so that each sees what the others have made of the processes. It is run anew when somebody has answered
 * or edited in the same moment: their change stands.
 */
export async function inImportTurn<T>(database: ServiceDatabase, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction(async (tx) => {
        await takeImportTurn(tx);
        return work(tx);
      });
    } catch (error) {
      if (!wasInTheWay(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** For a transaction that has begun, such as a handler's: first of all that it locks, and it is not run anew. */
export async function takeImportTurn(tx: Tx): Promise<void> {
  await tx.db.query(`set local lock_timeout = '60s'`);
  await tx.db.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
}

function wasInTheWay(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof StaleProcessError || code === DEADLOCK;
}
