import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { KpiReplica } from '../kpi-replica';
import { weekOf } from './iso-week';

describe('the weeks of this service and those of PostgreSQL', () => {
  let database: TestDatabase;
  let service: KpiReplica;

  beforeAll(async () => {
    database = await testDatabase();
    service = await KpiReplica.start(database.url, new MovableClock('2026-11-23T08:00:00Z'));
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Pacific/Auckland', 'Asia/Kolkata', 'America/St_Johns'])(
    'are the same over 40 years in %s, shortly before and after each midnight of it',
    async (zone) => {
      const rows = await service.database.query<{ at: Date; week: string }>(
        `select at, to_char(at at time zone $1, 'IYYY"-W"IW') as week
         from generate_series('2000-01-01'::timestamp, '2040-01-01', '1 day') as midnight,
           lateral (values (midnight at time zone $1 - interval '1 ms'), (midnight at time zone $1)) as side(at)`,
        [zone],
      );
      expect(rows.length).toBeGreaterThan(29_000);
      expect(rows.filter(({ at, week }) => weekOf(at, zone) !== week)).toEqual([]);
    },
  );
});
