import { EventServer, type ServiceDatabase } from '@recert/bus';
import { serviceNames } from '@recert/contracts';
import { type RunningProcess } from '@recert/service-kit';
import { pictureOf, testDatabase, whatBreaks, type TestDatabase } from '@recert/testing';
import { startStandaloneOn } from './fixtures/running-standalone';

// Jest cannot load the ES module that it stands on, and nobody asks for a file here.
jest.mock('@fastify/static', () => async () => undefined);

/**
 * What the version before it could not live with, from before there was a first release. Nothing may be added: a deploy runs
 * old and new beside each other. A change that has to break goes out in two releases, of which the first stops needing what
 * the second takes away.
 */
const BEFORE_THE_FIRST_RELEASE: Readonly<Record<string, readonly string[]>> = {
  CreateLogins1763800100007: [
    'session.principal is gone',
    'session.id has to be given',
    'session is held to: CHECK ((version > 0))',
    'session is held to: UNIQUE (id)',
  ],
  // Looser than the one in whose place it is.
  CreateThreads1764000000006: [
    `delivery is held to: CHECK ((kind = ANY (ARRAY['send'::text, 'edit'::text, 'photo'::text])))`,
  ],
};

describe('the migrations of all services', () => {
  let database: TestDatabase;
  let running: RunningProcess;

  beforeAll(async () => {
    database = await testDatabase();
    running = await startStandaloneOn(database.url);
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  /** Runs the migrations of a service once more, in a schema beside its own. */
  async function breaksOf({ service, dataSource }: ServiceDatabase): Promise<Record<string, readonly string[]>> {
    const schema = `again-${service}`;
    const found: Record<string, readonly string[]> = {};
    const runner = dataSource.createQueryRunner();
    const picture = () => pictureOf(schema, (sql, parameters) => runner.query(sql, parameters));
    try {
      await runner.query(`create schema "${schema}"; set search_path = "${schema}"`);
      for (const migration of dataSource.migrations) {
        const before = await picture();
        await migration.up(runner);
        const broken = whatBreaks(before, await picture());
        if (broken.length > 0) found[migration.name!] = broken;
      }
      expect((await picture()).columns.length).toBeGreaterThan(50);
    } finally {
      await runner.query('reset search_path');
      await runner.release();
    }
    return found;
  }

  it.each(serviceNames)('leave the version before them running: %s', async (service) => {
    const joined = running.app.get(EventServer).joined();
    const found = await breaksOf(joined.find((database_) => database_.service === service)!);
    const known = Object.entries(BEFORE_THE_FIRST_RELEASE).filter(([name]) => name in found);
    expect(found).toEqual(Object.fromEntries(known));
  });
});
