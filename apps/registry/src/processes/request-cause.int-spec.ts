import { testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const OWN = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30';

describe('the correlation id of a request', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery);
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const send = async (method: string, path: string, body: object, id?: string): Promise<string> => {
    const headers = id === undefined ? {} : { 'x-correlation-id': id };
    const reply = await registry.request(method, path, { body, headers });
    expect(reply.status).toBeLessThan(300);
    return reply.headers.get('x-correlation-id')!;
  };
  const newest = async (subject: string): Promise<{ run: string; cause: string | null }> => {
    const [row] = await registry.database.query<{ run: string; cause: string | null }>(
      `select headers->>'ce-correlationid' as run, headers->>'ce-causationid' as cause from outbox where subject = $1
       order by id desc limit 1`,
      [subject],
    );
    return row!;
  };

  it('is that of the events that it publishes, which follow from no other event', async () => {
    const asked = await send('POST', `/api/processes/${mixDough}/ask`, { reason: 'asked' });
    expect(await newest('review.requested')).toEqual({ run: asked, cause: null });
    const edited = await send('PATCH', `/api/processes/${mixDough}`, { triggerPeriod: 'P5M' });
    expect(await newest('process.registered')).toEqual({ run: edited, cause: null });
    expect(edited).not.toBe(asked);
  });

  it('is what the request says itself, where that is a UUID', async () => {
    expect(await send('PATCH', `/api/processes/${mixDough}`, { triggerPeriod: 'P1M' }, OWN.toUpperCase())).toBe(OWN);
    expect(await newest('process.registered')).toEqual({ run: OWN, cause: null });
    expect(await send('PATCH', `/api/processes/${mixDough}`, { triggerPeriod: 'P2M' }, 'my run')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });
});
