import 'reflect-metadata';
import { type Server } from 'node:http';
import cookie from '@fastify/cookie';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { EventServer } from '@recert/bus';
import { Logger } from 'nestjs-pino';
import { type Clock } from './clock';
import { ConfigError, type Environment, kitConfig, type KitConfig } from './config';
import { answerFrameworkError, ProblemAdapter } from './http/framework-error';
import { endWithProblem, HEADERS_MS, LOOK_MS, REQUEST_MS } from './http/client-error';
import { Leaving } from './http/leaving';
import { ApiDescription } from './http/openapi.controller';
import { openApiDocument } from './http/openapi-document';
import { KitModule } from './kit.module';

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
  const adapter = new ProblemAdapter({
    bodyLimit: DEFAULT_BODY_LIMIT,
    forceCloseConnections: true,
    trustProxy: [...config.kit.TRUSTED_PROXIES],
    requestTimeout: REQUEST_MS,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: LOOK_MS },
    clientErrorHandler: endWithProblem,
    frameworkErrors: answerFrameworkError,
  });
  const limits = definition.largeBodies ?? {};
  const routes: HttpRoute[] = [];
  adapter.getInstance().addHook('onRoute', (route) => {
    const limit = limits[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
    for (const method of [route.method].flat()) routes.push({ method, path: route.url });
  });
  const root = rootModule([KitModule.forProcess(definition.name, config.kit, clock), ...config.modules]);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    // Shown as they come: whoever waits for a database that is away must see why.
    logger: ['warn', 'error', 'fatal'],
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.get(ApiDescription).of(app);
  await app.register(cookie);
  app.connectMicroservice({ strategy: app.get(EventServer) }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(config.kit.PORT, config.kit.HOST);
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  const stop = stopOf(app, config.kit);
  return { app, config: config.kit, url, routes, stop };
}

/** How the process ends, however often it is told to. */
function stopOf(app: NestFastifyApplication, { LEAVE_NOTICE_MS: noticeMs }: KitConfig): () => Promise<void> {
  const server: Server = app.getHttpServer();
  const leaving = app.get(Leaving);
  leaving.follow(server);
  const stop = async (): Promise<void> => {
    await leaving.leave(server, { noticeMs, patienceMs: ANSWER_MS });
    await app.close();
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
    stopOnSignals(() => running.stop());
  } catch (error) {
    exitWith(error);
  }
}

/** Ctrl-C twice ends at once. */
export function stopOnSignals(stop: () => Promise<void>): void {
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
  process.on('uncaughtException', (error) => exitWith(error));
  process.on('unhandledRejection', (error) => exitWith(error));
}

export function exitWith(error: unknown): never {
  const isConfig = error instanceof ConfigError;
  process.stderr.write(
    `${isConfig ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(isConfig ? EXIT_CONFIG : 1);
}

/** One message for all that is wrong, whichever part of the process wants it. */
function parseAll(
  definition: ProcessDefinition,
  environment: Environment,
): { kit: KitConfig; modules: readonly (DynamicModule | Type)[] } {
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
