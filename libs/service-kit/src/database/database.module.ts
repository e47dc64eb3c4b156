import { type DynamicModule, Global, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import {
  type BusLog,
  busMigrations,
  EventServer,
  recallAfterRestore,
  type Recalling,
  ServiceDatabase,
} from '@recert/bus';
import { type DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { Clock, DatabaseClock } from '../clock';
import { type KitConfig } from '../config';
import { BUS_LOG, KIT_CONFIG } from '../tokens';
import { openDatabase } from './open-database';

type Migration = new () => MigrationInterface;

export interface ServiceSchema {
  /** Name of the service, of its schema, and the first word of its handlers' durable names. */
  readonly service: string;
  readonly migrations: readonly Migration[];
  /** How it gets back what it had said after the backup that its schema was restored from. */
  readonly recallings?: readonly ((database: ServiceDatabase) => readonly Recalling[])[];
}

/** Gives a service its own schema as a `ServiceDatabase`, migrated, with outbox and inbox. */
@Global()
@Module({})
export class DatabaseModule {
  /** Make it a constant and import that: each call is a database of its own. */
  static forService({ service, migrations, recallings = [] }: ServiceSchema): DynamicModule {
    return {
      module: DatabaseModule,
      global: false,
      imports: [
        TypeOrmModule.forRootAsync({
          name: service,
          inject: [KIT_CONFIG],
          useFactory: (config: KitConfig): TypeOrmModuleOptions => options(service, migrations, config),
          dataSourceFactory: (given) => openDatabase(given as DataSourceOptions & { schema: string }),
        }),
      ],
      providers: [
        {
          provide: ServiceDatabase,
          inject: [getDataSourceToken(service), EventServer, Clock, BUS_LOG],
          useFactory: async (
            source: DataSource,
            events: EventServer,
            clock: Clock,
            log: BusLog,
          ): Promise<ServiceDatabase> => {
            const database = new ServiceDatabase(service, source);
            events.join(database);
            if (clock instanceof DatabaseClock) await clock.follow(source);
            const all = recallings.flatMap((of) => of(database));
            await recallAfterRestore(events, { database, recallings: all, log });
            return database;
          },
        },
      ],
      exports: [ServiceDatabase],
    };
  }
}

function options(service: string, migrations: readonly Migration[], config: KitConfig): TypeOrmModuleOptions {
  return {
    // Nest looks it up by this name again when it shuts down.
    name: service,
    type: 'postgres',
    schema: service,
    migrations: [...busMigrations, ...migrations],
    migrationsTableName: 'migration',
    synchronize: false,
    retryAttempts: 30,
    retryDelay: 1000,
    applicationName: `recert ${service}`,
    poolSize: 6,
    extra: {
      // Here and not as `url`: TypeORM takes a url apart itself and knows nothing of sockets.
      connectionString: config.DATABASE_URL,
      options: `-c search_path=${service} -c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s`,
      pipeline: true,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 10_000,
    },
  };
}
