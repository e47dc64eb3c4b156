import { lockKey } from '@recert/bus';
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';

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
    await makeSchema(runner, options.schema);
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

/** A role that may make none, not even one that is there, is given its schema by whoever made the role. */
async function makeSchema(runner: QueryRunner, schema: string): Promise<void> {
  const found = (await runner.query('select 1 from pg_namespace where nspname = $1', [schema])) as unknown[];
  if (found.length === 0) await runner.query(`create schema if not exists "${schema}"`);
}
