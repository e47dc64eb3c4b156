import { type EventAttributes } from '@recert/contracts';
import { type DataSource } from 'typeorm';
import { OpenTransaction, type Tx } from './transaction';

/** A service's own schema: the one place where its transactions begin. */
export class ServiceDatabase {
  private readonly committed: (() => void)[] = [];

  constructor(
    readonly service: string,
    readonly dataSource: DataSource,
  ) {}

  /**
   * Runs `work` in one transaction and commits it together with the events it published.
   * @param cause the event that is being handled, if any: what `work` publishes carries on its correlation
   * @throws whatever `work` throws, after rolling back
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, cause: EventAttributes | null = null): Promise<T> {
    const { tx, result } = await this.dataSource.transaction(async (db) => {
      const open = new OpenTransaction(db, this.service, cause);
      const value = await work(open);
      await open.writeOutbox();
      return { tx: open, result: value };
    });
    if (tx.hasEvents) for (const listener of this.committed) listener();
    tx.committed();
    return result;
  }

  /** A read, or a single statement that is its own transaction. Rows as the driver gives them. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, parameters);
  }

  /** `listener` runs after each commit that left events in the outbox. */
  onEventsCommitted(listener: () => void): void {
    this.committed.push(listener);
  }
}
