import { testDatabase } from '@recert/testing';
import { Client } from 'pg';
import { SeverableProxy } from '../test-kit/severable-proxy';
import { TestLog } from '../test-kit/test-log';
import { type TransportStore } from '../test-kit/transport-tests';
import { transportSuite } from '../transport-suite';
import { PostgresTransport, type PostgresTransportOptions } from './postgres-transport';

const LEASE_MS = 900;

describe('the postgres transport', () => {
  transportSuite(() => postgresStore({ leaseMs: LEASE_MS }), LEASE_MS);
});

async function postgresStore(options: PostgresTransportOptions): Promise<TransportStore> {
  const database = await testDatabase();
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  const log = new TestLog();
  return {
    open: () => new PostgresTransport(database.url, log, options),
    openSeverable: async () => {
      const proxy = await new SeverableProxy({ path: socketOf(database.url) }).listen();
      const transport = new PostgresTransport(throughProxy(database.url, proxy.port), log, options);
      return { transport, sever: () => proxy.sever(), restore: async () => void (await proxy.listen()) };
    },
    killAndRestore: async () => {
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'recert bus%'`);
    },
    wipe: async () => {
      await admin.query('drop schema bus cascade');
    },
    close: async () => {
      await admin.end();
      await database.drop();
    },
  };
}

function socketOf(url: string): string {
  return `${new URL(url).searchParams.get('host')}/.s.PGSQL.5432`;
}

function throughProxy(url: string, port: number): string {
  const given = new URL(url);
  return `postgres://${given.username}:${given.password}@127.0.0.1:${port}${given.pathname}`;
}
