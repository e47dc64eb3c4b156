import { type DynamicModule, Global, Module } from '@nestjs/common';
import { IntakeModule } from '@recert/intake';
import { AccessModule } from './access/access.module';
import { AuditModule } from './audit/audit.module';
import { BusModule } from './bus/bus.module';
import { REGISTRY_CONFIG, type RegistryConfig } from './config';
import { registryDatabase } from './database';
import { LettersModule } from './letters/letters.module';
import { LibraryModule } from './library/library.module';
import { LiveModule } from './live/live.module';
import { EventsHook } from './outside/events.hook';
import { OutsideModule } from './outside/outside.module';
import { PeopleModule } from './people/people.module';
import { ProcessesModule } from './processes/processes.module';
import { ProductsModule } from './products/products.module';
import { ReadersModule } from './readers/readers.module';
import { GithubHook } from './releases/github.hook';
import { ReleasesModule } from './releases/releases.module';
import { RoundsModule } from './rounds/rounds.module';
import { RunsModule } from './runs/runs.module';
import { SubscriptionsModule } from './subscriptions/subscriptions.module';
import { TasksHook } from './tasks/tasks.hook';
import { TasksModule } from './tasks/tasks.module';

/** What exists: processes and their history, people, products, and who may do what. */
@Global()
@Module({})
export class RegistryModule {
  static forRoot(config: RegistryConfig): DynamicModule {
    return {
      module: RegistryModule,
      imports: [
        ProcessesModule,
        RoundsModule,
        ReadersModule,
        LibraryModule,
        PeopleModule,
        ProductsModule,
        AccessModule,
        AuditModule,
        LettersModule,
        BusModule,
        LiveModule,
        ReleasesModule,
        RunsModule,
        SubscriptionsModule,
        OutsideModule,
        TasksModule,
        IntakeModule.on(registryDatabase, {
          imports: [ReleasesModule, OutsideModule, TasksModule],
          hooks: [GithubHook, EventsHook, TasksHook],
          config: REGISTRY_CONFIG,
        }),
      ],
      providers: [{ provide: REGISTRY_CONFIG, useValue: config }],
      exports: [REGISTRY_CONFIG],
    };
  }
}
