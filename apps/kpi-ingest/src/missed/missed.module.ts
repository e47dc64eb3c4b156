import { Module } from '@nestjs/common';
import { kpiIngestDatabase } from '../database';
import { graceProvider } from './grace';
import { LookAgainWhenGraceChanged } from './look-again-when-grace-changed';
import { SayWhatIsMissed } from './say-what-is-missed';
import { SilenceRepository } from './silence.repository';
import { SilenceTimer } from './silence-timer';

@Module({
  imports: [kpiIngestDatabase],
  providers: [graceProvider, SilenceRepository, SayWhatIsMissed, SilenceTimer, LookAgainWhenGraceChanged],
  exports: [SilenceTimer],
})
export class MissedModule {}
