import { lockKey } from '@recert/bus';
import { DataSource, type DataSourceOptions } from 'typeorm';

const MIGRATION_LOCK = lockKey('kit.migrations');

/**
 * Connects, makes the service's schema where it is missing, and brings it up to date. Any number of replicas may start
 * at once: one migrates, the others wait.
 */
export async function openDatabase(options: DataSourceOptions & { schema: string }): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runner.query(`create schema if not exists "${options.schema}"`);
    await dataSource.runMigrations({ transaction: 'each' });
  } catch (error) {
    await dataSource.destroy().catch(() => undefined);
    throw error;
  } finally {
    // A session lock would go with its connection, but this one goes back to the pool.
    if (!runner.isReleased) {
      await runner.query('select pg_advisory_unlock_all()').catch(() => undefined);
      await runner.release();
    }
  }
  return dataSource;
}
