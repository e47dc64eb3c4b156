import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { Carriers, connectTransport, EventServer, type BusLog, type Measure } from '@recert/bus';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { AccessGuard } from './access/access.guard';
import { adminToken, Identities } from './access/principal';
import { BusMembers } from './bus/bus-members';
import { Clock, DatabaseClock } from './clock';
import { type KitConfig } from './config';
import { HealthChecks } from './health-checks';
import { HealthController } from './health.controller';
import { Leaving } from './http/leaving';
import { ApiDescription, OpenApiController } from './http/openapi.controller';
import { ProblemFilter } from './http/problem.filter';
import { DeadLettersController } from './letters/dead-letters.controller';
import { LetterDesk } from './letters/letter-desk';
import { ReplayLettersWhenTheyAreWanted } from './letters/replay-letters-when-they-are-wanted';
import { MeasureProcess } from './measures/measure-process';
import { MeasureServices } from './measures/measure-services';
import { Metrics, MetricsController } from './metrics';
import { AnnounceTasks } from './tasks/announce-tasks';
import { ErrorReports } from './sentry/error-reports';
import { reportLines } from './sentry/report-lines';
import { OwnTasks } from './tasks/own-tasks';
import { BUS_LOG, KIT_CONFIG, PROCESS_NAME } from './tokens';

/** Made of one another by Nest alone. */
const shared = [
  ...[Leaving, Metrics, HealthChecks, ApiDescription, BusMembers, LetterDesk, ReplayLettersWhenTheyAreWanted],
  ...[OwnTasks, AnnounceTasks, MeasureProcess, MeasureServices],
];

const exported = [
  KIT_CONFIG,
  PROCESS_NAME,
  BUS_LOG,
  Clock,
  Leaving,
  Metrics,
  HealthChecks,
  Identities,
  EventServer,
  LetterDesk,
  OwnTasks,
];

interface Given {
  readonly clock?: Clock | undefined;
  readonly reports?: ErrorReports;
}

/** What every service has, once in a process: config, clock, log, bus, access, health, metrics, dead letters, its API. */
@Module({})
export class KitModule {
  /** @param given what a process has besides its configuration: a clock of its own, and where its errors are reported */
  static forProcess(
    name: string,
    config: KitConfig,
    { clock = new DatabaseClock(), reports = new ErrorReports(name, null) }: Given = {},
  ): DynamicModule {
    return {
      module: KitModule,
      global: true,
      imports: [DiscoveryModule, logger(config, reports)],
      controllers: [HealthController, MetricsController, DeadLettersController, OpenApiController],
      providers: [
        { provide: KIT_CONFIG, useValue: config },
        { provide: PROCESS_NAME, useValue: name },
        { provide: Clock, useValue: clock },
        { provide: ErrorReports, useValue: reports },
        ...shared,
        { provide: Identities, useFactory: () => identities(config) },
        { provide: BUS_LOG, inject: [PinoLogger], useFactory: busLog },
        {
          provide: EventServer,
          inject: [BUS_LOG, Metrics],
          useFactory: (log: BusLog, metrics: Metrics) => eventServer(name, config, log, metrics),
        },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [...exported, LoggerModule],
    };
  }
}

function logger({ LOG_LEVEL: level }: KitConfig, reports: ErrorReports): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: { ...reportLines(reports, level), autoLogging: false, quietReqLogger: true },
    // A logger for each request lives in an AsyncLocalStorage, and with one every promise of the process costs more.
    forRoutes: [],
  });
}

function identities(config: KitConfig): Identities {
  const all = new Identities();
  all.add(adminToken(config.RECERT_ADMIN_TOKEN));
  return all;
}

function busLog(log: PinoLogger): BusLog {
  return {
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  };
}

function eventServer(name: string, config: KitConfig, log: BusLog, metrics: Metrics): EventServer {
  const urls = { home: config.BUS_URL, database: config.DATABASE_URL, others: config.BUS_URL_OTHER };
  const carriers = Carriers.to(urls, (url) => connectTransport(url, name, log));
  const measure: Measure = {
    handled: (durable, verdict, seconds) => {
      metrics.handled.inc({ durable, verdict });
      metrics.handling.observe({ durable }, seconds);
    },
    undeclared: (durable, subject) => metrics.undeclared.inc({ durable, subject }),
  };
  return new EventServer(carriers, log, measure, { tellsSteps: true });
}
