import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { PersonStoreModule } from '../people/person-store.module';
import { ProcessesModule } from '../processes/processes.module';
import { ProductStoreModule } from '../products/product-store.module';
import { ReleasesModule } from '../releases/releases.module';
import { EditTask } from './edit-task';
import { KnowTaskWhenItIsRegistered } from './know-task-when-it-is-registered';
import { MakeTokenOfTask } from './make-token-of-task';
import { NoteReport } from './note-report';
import { NoteReportWhenTaskIsReported } from './note-report-when-task-is-reported';
import { RegisterTask } from './register-task';
import { RemoveOldReports } from './remove-old-reports';
import { TaskTimer } from './task-timer';
import { TaskRepository } from './task.repository';
import { TasksController } from './tasks.controller';
import { TasksHook } from './tasks.hook';
import { TaskWriter } from './write-task';

@Module({
  imports: [
    registryDatabase,
    AccessModule,
    HistoryModule,
    PersonStoreModule,
    ProcessesModule,
    ProductStoreModule,
    ReleasesModule,
  ],
  controllers: [TasksController, KnowTaskWhenItIsRegistered, NoteReportWhenTaskIsReported],
  providers: [
    TaskRepository,
    TaskWriter,
    RegisterTask,
    EditTask,
    MakeTokenOfTask,
    NoteReport,
    TaskTimer,
    RemoveOldReports,
    TasksHook,
  ],
  exports: [TasksHook],
})
export class TasksModule {}
