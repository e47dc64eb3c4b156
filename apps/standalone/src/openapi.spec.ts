import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertRelayModule, alertRelayConfig } from '@recert/alert-relay';
import { KpiIngestModule, kpiIngestConfig } from '@recert/kpi-ingest';
import { NotifierModule, notifierConfig } from '@recert/notifier';
import { registryConfig, RegistryModule } from '@recert/registry';
import { SchedulerModule, schedulerConfig } from '@recert/scheduler';
import { describeProcess, type ProcessDefinition } from '@recert/service-kit';
import { NOWHERE, openApiText } from './openapi-text';

// Jest cannot load the ES module that it stands on, and nobody asks for a file here.
jest.mock('@fastify/static', () => async () => undefined);

interface Operation {
  readonly summary?: string;
  readonly 'x-access'?: string;
  readonly responses: Readonly<Record<string, { readonly content?: object; readonly description: string }>>;
}

/** Each service as a process of its own has it, with one of its own routes. */
const SERVICES: readonly [name: string, modules: ProcessDefinition['modules'], own: string][] = [
  ['registry', (env) => [RegistryModule.forRoot(registryConfig.parse(env))], 'GET /api/processes'],
  ['scheduler', (env) => [SchedulerModule.forRoot(schedulerConfig.parse(env))], 'GET /api/schedule'],
  ['notifier', (env) => [NotifierModule.forRoot(notifierConfig.parse(env))], 'POST /hooks/telegram'],
  ['kpi-ingest', (env) => [KpiIngestModule.forRoot(kpiIngestConfig.parse(env))], 'POST /hooks/kpi/{product}'],
  ['alert-relay', (env) => [AlertRelayModule.forRoot(alertRelayConfig.parse(env))], 'POST /hooks/sentry'],
];

/** What every process has, and what none may lack in its description. */
const SHARED = [
  'GET /health/live',
  'GET /health/serving',
  'GET /health/ready',
  'GET /metrics',
  'GET /api/dead-letters',
  'GET /api/openapi.json',
];

async function operationsOf(name: string, modules: ProcessDefinition['modules']): Promise<Map<string, Operation>> {
  const { paths } = await describeProcess({ name, modules }, NOWHERE);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as unknown as Record<string, Operation>).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
  return new Map(operations);
}

describe.each(SERVICES)('the description of the %s', (name, modules, own) => {
  let operations: Map<string, Operation>;
  const those = (lack: (operation: Operation) => boolean): string[] =>
    [...operations].filter(([, operation]) => lack(operation)).map(([route]) => route);

  beforeAll(async () => {
    operations = await operationsOf(name, modules);
  });

  it('has its own routes and those of every process', () => {
    expect([...operations.keys()]).toEqual(expect.arrayContaining([own, ...SHARED]));
  });

  it('has a rule for every route', () => {
    expect(those((operation) => operation['x-access'] === undefined)).toEqual([]);
  });

  it('says what every route is for', () => {
    expect(those(({ summary }) => summary === undefined || !/^[A-Z].*\.$/.test(summary))).toEqual([]);
  });

  it('says what every route answers with', () => {
    const isAnswered = ({ content, description }: Operation['responses'][string]): boolean =>
      content !== undefined || description.includes('empty');
    expect(
      those(({ responses }) => !Object.entries(responses).some(([status, one]) => status < '4' && isAnswered(one))),
    ).toEqual([]);
  });
});

describe('the description of the standalone', () => {
  it('is docs/openapi.json; if not, run: npm run build && node tools/generate-openapi.mjs', async () => {
    const file = join(__dirname, '../../../docs/openapi.json');
    expect(readFileSync(file, 'utf8')).toBe(await openApiText());
  });
});
