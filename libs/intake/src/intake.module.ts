import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { AcceptRequest } from './accept-request';
import { type Hook, HOOKS } from './hook';
import { HookDoor } from './hook-door';
import { Intake } from './intake';
import { IntakeWorker } from './intake-worker';
import { IntakeRepository } from './intake.repository';

export interface HookList {
  /** Modules that export the hooks. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly hooks: readonly Type<Hook>[];
}

/** Opens a service's hooks, and makes something of what comes in. */
@Module({})
export class IntakeModule {
  /** @param database the service's own, with `intakeMigrations` */
  static on(database: DynamicModule, { imports, hooks }: HookList): DynamicModule {
    return {
      module: IntakeModule,
      imports: [database, ...imports],
      providers: [
        IntakeRepository,
        AcceptRequest,
        IntakeWorker,
        HookDoor,
        Intake,
        { provide: HOOKS, inject: [...hooks], useFactory: (...all: Hook[]) => all },
      ],
      exports: [Intake],
    };
  }
}
