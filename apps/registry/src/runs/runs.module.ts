import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { KeepStepsWhenRunProgresses } from './keep-steps-when-run-progresses';
import { RemoveOldRuns } from './remove-old-runs';
import { RunRepository } from './run.repository';
import { RunsController } from './runs.controller';

@Module({
  imports: [registryDatabase],
  controllers: [RunsController, KeepStepsWhenRunProgresses],
  providers: [RunRepository, RemoveOldRuns],
})
export class RunsModule {}
