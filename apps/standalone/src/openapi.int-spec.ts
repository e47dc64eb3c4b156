import { type RunningProcess } from '@recert/service-kit';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { startStandaloneOn } from './fixtures/running-standalone';

// Jest cannot load the ES module that it stands on, and nobody asks for a file here.
jest.mock('@fastify/static', () => async () => undefined);

/** Files of the console, which have no route each; and what Fastify answers to GET routes by itself. */
const isNoOperation = ({ method, path }: { method: string; path: string }): boolean =>
  path === '/assets/*' || method === 'HEAD';

describe('the description of a running standalone', () => {
  let database: TestDatabase;
  let running: RunningProcess;

  beforeAll(async () => {
    database = await testDatabase();
    running = await startStandaloneOn(database.url);
  });

  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  it('has exactly the routes that the server has, and the webhooks before it', async () => {
    const response = await fetch(`${running.url}/api/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = running.routes
      .filter((route) => !isNoOperation(route))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const hooks = [
      'POST /hooks/alerts/{source}',
      'POST /hooks/events/{subject}',
      'POST /hooks/github',
      'POST /hooks/kpi/{product}',
      'POST /hooks/sentry',
      'POST /hooks/tasks/{task}',
    ];
    expect(described.sort()).toEqual([...new Set([...served, ...hooks])].sort());
  });
});
