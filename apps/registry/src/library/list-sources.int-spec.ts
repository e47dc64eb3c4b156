import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LibrarySourceView, type Page } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const start = new Date('2026-11-20T09:00:00.000Z');
const later = new Date('2026-11-20T10:00:00.000Z');
const clock = new MovableClock(start);
/** Nobody listens there, and what stands before the @ is nobody's to read. */
const elsewhere = 'http://ada:open-sesame@127.0.0.1:9/processes.md';

describe('the sources of the library', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const folder = mkdtempSync(join(tmpdir(), 'recert-sources-'));
  const library = join(folder, 'processes.md');

  beforeAll(async () => {
    database = await testDatabase();
    writeFileSync(library, bakery);
    const environment = { LIBRARY: `${library},${elsewhere}` };
    registry = await RunningRegistry.start(database.url, bakery, environment, clock);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await registry.stop();
    await database.drop();
  });

  const sources = async (): Promise<readonly LibrarySourceView[]> =>
    (await registry.ask<Page<LibrarySourceView>>('GET', '/api/library/sources')).items;

  it('are those of the configuration in their order, imported or not, and say no password', async () => {
    const [first, second, ...others] = await sources();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ source: library, processes: 3, importedAt: start.toISOString() });
    expect(second).toEqual({
      ...{ source: 'http://127.0.0.1:9/processes.md', processes: null, warnings: [], importedAt: null },
    });
    expect(JSON.stringify(await sources())).not.toMatch(/sesame|ada:/);
  });

  it('are shown to admins alone', async () => {
    const { token } = await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'r', scopes: ['read'] });
    expect((await registry.request('GET', '/api/library/sources', { token })).status).toBe(403);
    expect((await registry.request('GET', '/api/library/sources', { token: null })).status).toBe(401);
  });
});

describe('the only source of the library', () => {
  it('tells what its last import found', async () => {
    const database = await testDatabase();
    clock.set(start);
    const registry = await RunningRegistry.start(database.url, bakery, {}, clock);
    try {
      clock.set(later);
      await registry.importText(bakery.replace('- sell bread', '- sell bread\n  - [bake cake](#nowhere)'));
      const { items } = await registry.ask<Page<LibrarySourceView>>('GET', '/api/library/sources');
      expect(items).toMatchObject([{ source: registry.library, processes: 4, importedAt: later.toISOString() }]);
      expect(items[0]?.warnings).toEqual([
        { file: 'processes.md', line: expect.any(Number) as number, message: expect.any(String) as string },
      ]);
    } finally {
      await registry.stop();
      await database.drop();
    }
  });
});
