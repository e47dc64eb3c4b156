import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { hookDescription, hookTask, OwnTasks } from '@recert/service-kit';
import { AcceptRequest } from './accept-request';
import { type Hook, HOOKS } from './hook';
import { HookDoor } from './hook-door';
import { Intake } from './intake';
import { IntakeWorker } from './intake-worker';
import { IntakeRepository } from './intake.repository';
import { MeasureIntake } from './measure-intake';
import { MeasureSpool } from './measure-spool';
import { RemoveOldRequests } from './remove-old-requests';
import { openSpool } from './spool/open-spool';
import { type SpoolConfig } from './spool/spool-config';
import { SPOOL, WriteOrSpool } from './write-or-spool';

export interface HookList {
  /** Modules that export the hooks. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly hooks: readonly Type<Hook>[];
  /** Under which token the service's configuration is, with `spoolVariables` in it. */
  readonly config: symbol;
}

/** Opens a service's hooks, and makes something of what comes in. */
@Module({})
export class IntakeModule {
  /** @param database the service's own, with `intakeMigrations` */
  static on(database: DynamicModule, { imports, hooks, config }: HookList): DynamicModule {
    return {
      module: IntakeModule,
      imports: [database, ...imports],
      providers: [
        IntakeRepository,
        AcceptRequest,
        IntakeWorker,
        HookDoor,
        Intake,
        WriteOrSpool,
        MeasureIntake,
        MeasureSpool,
        RemoveOldRequests,
        {
          provide: SPOOL,
          inject: [ServiceDatabase, config],
          useFactory: ({ service }: ServiceDatabase, given: SpoolConfig) => openSpool(service, given),
        },
        {
          provide: HOOKS,
          inject: [ServiceDatabase, OwnTasks, ...hooks],
          useFactory: ({ service }: ServiceDatabase, tasks: OwnTasks, ...all: Hook[]) =>
            registered(service, tasks, all),
        },
      ],
      exports: [Intake],
    };
  }
}

/** Hooks are tasks of the hub, too. */
function registered(service: string, tasks: OwnTasks, hooks: readonly Hook[]): readonly Hook[] {
  for (const hook of hooks) {
    const { path = '', emits = [] } = hookDescription(hook.constructor) ?? {};
    const subjects = emits.map(({ subject }) => subject);
    tasks.add(service, hookTask(service, hook.name, path, subjects));
  }
  return hooks;
}
