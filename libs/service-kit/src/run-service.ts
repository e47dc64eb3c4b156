import 'reflect-metadata';
import { type Server } from 'node:http';
import cookie from '@fastify/cookie';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { EventServer, isOperational } from '@recert/bus';
import { Logger } from 'nestjs-pino';
import { type Clock } from './clock';
import { ConfigError, type Environment, kitConfig, type KitConfig } from './config';
import { answerFrameworkError, ProblemAdapter } from './http/framework-error';
import { endWithProblem, HEADERS_MS, LOOK_MS, REQUEST_MS } from './http/client-error';
import { Leaving } from './http/leaving';
import { CORRELATION_HEADER, requestIdOf } from './http/request-cause';
import { ApiDescription } from './http/openapi.controller';
import { openApiDocument } from './http/openapi-document';
import { KitModule } from './kit.module';
import { Metrics } from './metrics';
import { ErrorReports } from './sentry/error-reports';
import { reportTarget } from './sentry/report-target';

/** Exit status for a configuration that cannot be used (EX_CONFIG of sysexits.h): restarting does not help. */
export const EXIT_CONFIG = 78;
const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** How long whoever was asked before the stop may take to answer; the handlers of events need the rest of ten seconds. */
const ANSWER_MS = 4_000;

export interface ProcessDefinition {
  readonly name: string;
  /** The services of this process, made from the environment. */
  readonly modules: (environment: Environment) => readonly (DynamicModule | Type)[];
  /** Routes that take more than 1 MB, with their limit in bytes. */
  readonly largeBodies?: Readonly<Record<string, number>>;
}

export interface HttpRoute {
  readonly method: string;
  /** As Fastify writes it, e.g. `/api/processes/:id`. */
  readonly path: string;
}

export interface RunningProcess {
  readonly app: NestFastifyApplication;
  readonly config: KitConfig;
  /** Where it listens, as reached from this machine. */
  readonly url: string;
  /** What the framework answers to; webhooks stand before it. */
  readonly routes: readonly HttpRoute[];
  /** Takes no more connections, answers what was asked, finishes what is in hand, closes everything. */
  stop(): Promise<void>;
  /** Reports what nobody caught; resolves when that is brought, within two seconds. */
  tellOfCrash(error: unknown): Promise<void>;
}

/**
 * Starts a process of one or more services: HTTP first, then the bus, so that a bus that is away is reported by
 * `/health/ready` and not by a process that does not answer.
 * @throws ConfigError when the environment is not usable
 */
export async function startProcess(
  definition: ProcessDefinition,
  environment: Environment,
  clock?: Clock,
): Promise<RunningProcess> {
  const config = parseAll(definition, environment);
  const reports = new ErrorReports(definition.name, reportTarget(config.kit, environment));
  try {
    return await startWith(definition, config, reports, clock);
  } catch (error) {
    if (!isOperational(error)) reports.report({ error, message: 'the process could not start', fields: {} });
    await reports.close();
    throw error;
  }
}

async function startWith(
  definition: ProcessDefinition,
  config: ParsedConfig,
  reports: ErrorReports,
  clock: Clock | undefined,
): Promise<RunningProcess> {
  const adapter = adapterOf(config.kit);
  const limits = definition.largeBodies ?? {};
  const routes: HttpRoute[] = [];
  adapter.getInstance().addHook('onRoute', (route) => {
    const limit = limits[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
    for (const method of [route.method].flat()) routes.push({ method, path: route.url });
  });
  const root = rootModule([KitModule.forProcess(definition.name, config.kit, { clock, reports }), ...config.modules]);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    // Shown as they come: whoever waits for a database that is away must see why.
    logger: ['warn', 'error', 'fatal'],
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.get(ApiDescription).of(app);
  followRequests(adapter, app.get(Metrics));
  await app.register(cookie);
  app.connectMicroservice({ strategy: app.get(EventServer) }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(config.kit.PORT, config.kit.HOST);
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  // Only now, when it answers already.
  setImmediate(() => reports.prepare());
  const stop = stopOf(app, config.kit, reports);
  const tellOfCrash = (error: unknown): Promise<void> => {
    if (!isOperational(error)) reports.report({ error, message: 'nobody caught this', fields: {} });
    return reports.close();
  };
  return { app, config: config.kit, url, routes, stop, tellOfCrash };
}

function adapterOf({ TRUSTED_PROXIES }: KitConfig): ProblemAdapter {
  return new ProblemAdapter({
    bodyLimit: DEFAULT_BODY_LIMIT,
    forceCloseConnections: true,
    trustProxy: [...TRUSTED_PROXIES],
    requestTimeout: REQUEST_MS,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: LOOK_MS },
    genReqId: requestIdOf,
    clientErrorHandler: endWithProblem,
    frameworkErrors: answerFrameworkError,
  });
}

/** Says in every answer under which id its request stands in the log, and measures how long it took. */
function followRequests(adapter: ProblemAdapter, metrics: Metrics): void {
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', (request, reply, next) => {
    void reply.header(CORRELATION_HEADER, request.id);
    next();
  });
  fastify.addHook('onResponse', (_, reply, next) => {
    metrics.requests.observe({ status: `${Math.trunc(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1000);
    next();
  });
}

/** How the process ends, however often it is told to. */
function stopOf(
  app: NestFastifyApplication,
  { LEAVE_NOTICE_MS: noticeMs }: KitConfig,
  reports: ErrorReports,
): () => Promise<void> {
  const server: Server = app.getHttpServer();
  const leaving = app.get(Leaving);
  leaving.follow(server);
  const stop = async (): Promise<void> => {
    await leaving.leave(server, { noticeMs, patienceMs: ANSWER_MS });
    await app.close();
    await reports.close();
  };
  let stopping: Promise<void> | null = null;
  return () => (stopping ??= stop());
}

/**
 * What the process would say at `/api/openapi.json`. Nothing is started and nothing is connected to.
 * @throws ConfigError when the environment is not usable
 */
export async function describeProcess(definition: ProcessDefinition, environment: Environment): Promise<OpenAPIObject> {
  return openApiDocument(await previewOf(definition, environment));
}

/**
 * The process with all its modules, of which nothing is made.
 * @throws ConfigError when the environment is not usable
 */
export async function previewOf(
  definition: ProcessDefinition,
  environment: Environment,
): Promise<NestFastifyApplication> {
  const config = parseAll(definition, environment);
  const root = rootModule([KitModule.forProcess(definition.name, config.kit), ...config.modules]);
  const options = { preview: true, logger: false, abortOnError: false } as const;
  return NestFactory.create<NestFastifyApplication>(root, new ProblemAdapter(), options);
}

/** Runs it as this machine's process: signals end it cleanly, what nobody caught ends it with a non-zero status. */
export async function runProcess(definition: ProcessDefinition, environment: Environment): Promise<void> {
  try {
    const running = await startProcess(definition, environment);
    stopOnSignals(running);
  } catch (error) {
    exitWith(error);
  }
}

/** Ctrl-C twice ends at once. */
export function stopOnSignals({ stop, tellOfCrash }: Pick<RunningProcess, 'stop' | 'tellOfCrash'>): void {
  let asked = 0;
  const onSignal = (): void => {
    asked += 1;
    if (asked > 1) process.exit(130);
    void stop().then(
      () => process.exit(0),
      (error: unknown) => exitWith(error),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // A socket that broke between two writes may surface here: the supervisor starts us again, and nothing is lost.
  const onCrash = (error: unknown): void => {
    say(error);
    void tellOfCrash(error).finally(() => process.exit(1));
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
}

export function exitWith(error: unknown): never {
  say(error);
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
}

function say(error: unknown): void {
  const text = error instanceof Error && !(error instanceof ConfigError) ? error.stack : undefined;
  process.stderr.write(`${text ?? (error instanceof Error ? error.message : String(error))}\n`);
}

interface ParsedConfig {
  readonly kit: KitConfig;
  readonly modules: readonly (DynamicModule | Type)[];
}

/** One message for all that is wrong, whichever part of the process wants it. */
function parseAll(definition: ProcessDefinition, environment: Environment): ParsedConfig {
  const problems: string[] = [];
  const attempt = <T>(parse: () => T): T | null => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const kit = attempt(() => kitConfig.parse(environment));
  const modules = attempt(() => definition.modules(environment));
  if (kit === null || modules === null) throw new ConfigError([...new Set(problems)]);
  return { kit, modules };
}

function rootModule(imports: readonly (DynamicModule | Type)[]): Type {
  @Module({ imports: [...imports] })
  class RootModule {}
  return RootModule;
}
