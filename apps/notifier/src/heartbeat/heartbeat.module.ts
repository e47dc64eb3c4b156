import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { ReachModule } from '../reach/reach.module';
import { Heartbeat } from './heartbeat';
import { HeartbeatRepository } from './heartbeat.repository';

/** The sign of life that somebody outside waits for. */
@Module({ imports: [notifierDatabase, ReachModule], providers: [Heartbeat, HeartbeatRepository] })
export class HeartbeatModule {}
