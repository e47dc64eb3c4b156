import { type Pool, type PoolClient } from 'pg';
import { type DataSource, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { type Envelope } from './envelope';
import { outliveLostConnections } from './postgres/lost-connections';
import { nameStatements } from './postgres/named-statements';
import { WriteConnection } from './postgres/write-connection';
import { StepLog } from './step-log';
import { OpenTransaction, type Cause, type Tx } from './transaction';

/** A service's own schema: the one place where its transactions begin. */
export class ServiceDatabase {
  /** What steps the service takes on the ways of facts. */
  readonly steps = new StepLog(this);
  private readonly pool: Pool | null;
  private readonly committed = new Set<(events: readonly Envelope[]) => void>();

  /** @param dataSource initialized, with the service's schema on its search path */
  constructor(
    readonly service: string,
    readonly dataSource: DataSource,
  ) {
    const { master } = (dataSource.driver ?? {}) as { master?: Pool };
    this.pool = master ?? null;
    if (master === undefined) return;
    outliveLostConnections(master);
    nameStatements(master);
  }

  /**
   * Runs `work` in one transaction and commits it together with the events it published.
   * @param cause what is being handled, an event or a request, if any: what `work` publishes carries on its correlation
   * @param by the handler or the hook that does the work, where it is one
   * @throws whatever `work` throws, after rolling back
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, cause: Cause | null = null, by: string | null = null): Promise<T> {
    const { tx, result } = await this.commit(work, cause);
    if (tx.events.length > 0) {
      for (const listener of this.committed) listener(tx.events);
      this.steps.notePublished(tx.events, by);
    }
    tx.committed();
    return result;
  }

  /** How many connections there are now, and how much work waits for one. */
  get connections(): { readonly busy: number; readonly idle: number; readonly waiting: number } {
    const { totalCount = 0, idleCount = 0, waitingCount = 0 } = this.pool ?? {};
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }

  /** A read, or a single statement that is its own transaction. Rows as the driver gives them. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, parameters);
  }

  /** For a statement that is run thousands of times a second. Close it before the service ends. */
  openWriteConnection(): WriteConnection {
    return new WriteConnection(this.pool!.options);
  }

  /**
   * `listener` runs after each commit that left events in the outbox, with these.
   * @returns what ends it
   */
  onEventsCommitted(listener: (events: readonly Envelope[]) => void): () => void {
    this.committed.add(listener);
    return () => void this.committed.delete(listener);
  }

  /**
   * The outbox is sent along with the end: on a pipelined connection both take one way to the database and back. The
   * beginning is waited for: were it lost, what follows would be committed statement by statement.
   */
  private async commit<T>(
    work: (tx: Tx) => Promise<T>,
    cause: Cause | null,
  ): Promise<{ tx: OpenTransaction; result: T }> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await client.query('begin');
      const tx = new OpenTransaction(runner.manager, this.service, cause);
      try {
        const result = await work(tx);
        const [, { command }] = await Promise.all([tx.writeOutbox(client), client.query('commit')]);
        if (command !== 'COMMIT') throw new Error('nothing was committed: a statement failed and its error was caught');
        return { tx, result };
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        // Nobody releases it in here but the driver, when the connection breaks between two statements.
        if (!(error instanceof QueryRunnerProviderAlreadyReleasedError)) throw error;
        throw new Error('Connection terminated in a transaction', { cause: error });
      }
    } finally {
      await runner.release();
    }
  }
}
