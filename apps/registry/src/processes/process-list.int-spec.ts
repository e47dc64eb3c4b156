import { processSort, type Page, type Problem, type ProcessView } from '@recert/contracts';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { aProcess, certification, reason, states } from '../fixtures/a-process';
import { RunningRegistry } from '../fixtures/running-registry';
import { type Process } from './process';
import { ProcessRepository } from './process.repository';

type Sort = (typeof processSort.options)[number];
const DAY = 24 * 60 * 60_000;
const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * DAY);

/** Thirty processes with equal and empty values in every column that the list is sorted by. */
const processes: readonly Process[] = Array.from({ length: 30 }, (_, n) => {
  const certified = { ...states.certified, certification: { ...certification, at: day(n % 4) } };
  return aProcess({
    id: `process-${String((n * 7) % 30).padStart(2, '0')}`,
    name: ['mix dough', 'Fire oven', 'ÄPFEL', 'äpfel', `name ${n}`][n % 5]!,
    section: [null, 'baking', 'Baking', 'sales'][n % 4]!,
    owner: [null, 'ada', 'bob'][n % 3]!,
    deputy: n % 6 === 1 ? 'carol' : null,
    product: n % 10 === 0 ? 'lugha' : null,
    documented: n % 7 !== 0,
    triggerPeriod: ['P1Y', 'P1M', 'P12M', 'P3M', 'P2W', 'PT36H'][n % 6]!,
    nextDueAt: n % 2 === 0 ? null : day(n % 3),
    state: [states.uncertified, certified, states.due, states.retired][n % 4]!,
    origin: { ...aProcess().origin, position: (n * 11) % 30 },
  });
});

/** What a person would compare, counted without the database. Null is empty. */
const valueOf: Readonly<Record<Sort, (process: Process) => string | number | null>> = {
  library: ({ section }) => section?.toLowerCase() ?? null,
  name: ({ name }) => name.toLowerCase(),
  section: ({ section }) => section?.toLowerCase() ?? null,
  owner: ({ owner }) => owner,
  status: ({ state }) => state.status,
  certificationDate: ({ state }) => state.certification?.at.getTime() ?? null,
  triggerPeriod: ({ triggerPeriod }) => ({ PT36H: 1, P2W: 2, P1M: 3, P3M: 4, P1Y: 5, P12M: 5 })[triggerPeriod] ?? null,
  nextDueAt: ({ nextDueAt }) => nextDueAt?.getTime() ?? null,
};

function sorted(sort: Sort, order: 'asc' | 'desc'): string[] {
  const sign = order === 'asc' ? 1 : -1;
  const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0) * sign;
  const ties = (a: Process, b: Process): number =>
    (sort === 'library' ? compare(a.origin.position, b.origin.position) : 0) || compare(a.id, b.id);
  return [...processes]
    .sort((a, b) => {
      const [left, right] = [valueOf[sort](a), valueOf[sort](b)];
      if (left === null || right === null) return Number(left === null) - Number(right === null) || ties(a, b);
      return compare(left, right) || ties(a, b);
    })
    .map(({ id }) => id);
}

describe('the list of processes', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, '# Empty\n');
    const repository = registry.process.app.get(ProcessRepository, { strict: false });
    const changes = processes.map((after) => ({ before: null, after, events: [], reason }));
    await registry.database.transaction((tx) => repository.save(tx, changes));
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const page = (query: Record<string, string>): Promise<Page<ProcessView>> =>
    registry.ask('GET', `/api/processes?${new URLSearchParams(query).toString()}`);
  const idsOf = async (query: Record<string, string>): Promise<string[]> =>
    (await page(query)).items.map(({ id }) => id);

  const orders = processSort.options.flatMap((sort) => [
    [sort, 'asc', 1] as const,
    [sort, 'asc', 7] as const,
    [sort, 'desc', 1] as const,
    [sort, 'desc', 7] as const,
    [sort, 'asc', 30] as const,
  ]);

  it.each(orders)('by %s %s in pages of %i joins without a gap, what is empty last', async (sort, order, limit) => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const { items, next }: Page<ProcessView> = await page({
        ...{ sort, order, limit: String(limit) },
        ...(cursor === null ? {} : { cursor }),
      });
      ids.push(...items.map(({ id }) => id));
      cursor = next;
    } while (cursor !== null);
    expect(ids).toEqual(sorted(sort, order));
  });

  it.each<[Record<string, string>, (process: Process) => boolean]>([
    [{ deputy: 'carol' }, ({ deputy }) => deputy === 'carol'],
    [{ product: 'lugha' }, ({ product }) => product === 'lugha'],
    [{ owned: 'true' }, ({ owner }) => owner !== null],
    [{ owned: 'false' }, ({ owner }) => owner === null],
    [{ owned: 'false', section: 'sales' }, ({ owner, section }) => owner === null && section === 'sales'],
    [{ q: 'äPF' }, ({ name }) => name.toLowerCase().includes('äpf')],
    [{ q: 'BAK' }, ({ section }) => section?.toLowerCase() === 'baking'],
    [{ q: 'Process-07' }, ({ id }) => id === 'process-07'],
    [{ q: 'BOB' }, ({ owner }) => owner === 'bob'],
    [{ q: 'bobprocess' }, () => false],
    [{ q: '\\' }, () => false],
  ])('holds of %j just those', async (query, isMeant) => {
    const meant = processes.filter(isMeant).map(({ id }) => id);
    for (const sort of ['library', 'owner', 'name']) {
      const found = await idsOf({ ...query, sort });
      expect([...found].sort()).toEqual([...meant].sort());
    }
  });

  it('finds a name that holds the signs of a pattern by these signs alone', async () => {
    const repository = registry.process.app.get(ProcessRepository, { strict: false });
    const after = aProcess({ id: 'odd', name: '100%_sure\\' });
    await registry.database.transaction((tx) => repository.save(tx, [{ before: null, after, events: [], reason }]));
    for (const q of ['%', '_', '\\', '100%_S']) expect(await idsOf({ q })).toEqual(['odd']);
    await registry.database.query("delete from process where id = 'odd'");
  });

  it('goes on behind its place though the row there has another by now', async () => {
    const { items, next } = await page({ sort: 'owner', limit: '5' });
    const last = items[4]!;
    await registry.database.query('update process set owner = $2 where id = $1', [last.id, 'zed']);
    const rest = await idsOf({ sort: 'owner', cursor: next! });
    expect(rest.at(-11)).toBe(last.id);
    expect(rest).toHaveLength(26);
    await registry.database.query('update process set owner = $2 where id = $1', [last.id, last.owner]);
  });

  it('takes a name and a section of any length, and goes on from there', async () => {
    const long = Array.from({ length: 2000 }, (_, n) => String.fromCodePoint(0x1f300 + ((n * 37) % 500))).join('');
    const { name, section } = await registry.get('process-00');
    const rename = (...texts: (string | null)[]): Promise<unknown> =>
      registry.database.query("update process set name = $1, section = $2 where id = 'process-00'", texts);
    await rename(long, long);
    for (const sort of ['name', 'section', 'library']) {
      const { items, next } = await page({ sort, order: 'desc', limit: '1' });
      expect(items).toMatchObject([{ id: 'process-00', name: long }]);
      expect(await idsOf({ sort, order: 'desc', cursor: next! })).toHaveLength(29);
    }
    await rename(name, section);
  });

  describe('refuses a cursor', () => {
    const refused = async (query: Record<string, string>): Promise<void> => {
      const reply = await registry.request<Problem>('GET', `/api/processes?${new URLSearchParams(query).toString()}`);
      expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } });
    };
    const cursorOf = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

    it('of another sort or order', async () => {
      const { next } = await page({ sort: 'name', order: 'desc', limit: '3' });
      await refused({ sort: 'name', order: 'asc', cursor: next! });
      await refused({ sort: 'section', order: 'desc', cursor: next! });
      await refused({ cursor: next! });
      expect(await idsOf({ sort: 'name', order: 'desc', cursor: next! })).toHaveLength(27);
    });

    it.each<[Sort, unknown, unknown, unknown]>([
      ['name', 0, 1, 'a'],
      ['name', 1, 1, 'a'],
      ['name', 'a', -1, 'a'],
      ['name', 'a', 1.5, 'a'],
      ['name', 'a', 1, 2],
      ['library', 'a', 2 ** 31, 'a'],
      ['nextDueAt', 'tomorrow', 1, 'a'],
      ['nextDueAt', '2026-13-01T00:00:00.000Z', 1, 'a'],
      ['certificationDate', 'infinity', 1, 'a'],
      ['triggerPeriod', 'P0D', 1, 'a'],
      ['triggerPeriod', '1 day', 1, 'a'],
    ])('by %s that nobody gave out: %j %j %j', async (sort, ...parts) => {
      await refused({ sort, cursor: cursorOf(sort, 'asc', ...parts) });
    });
  });

  it.each([
    ['sort', 'size'],
    ['order', 'up'],
    ['owned', 'maybe'],
  ])('is not given for %s=%s', async (field, value) => {
    const reply = await registry.request<Problem>('GET', `/api/processes?${field}=${value}`);
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});
