import { Module } from '@nestjs/common';
import { FallbackModule } from '../channels/fallback/fallback.module';
import { ChatsModule } from '../chats/chats.module';
import { notifierDatabase } from '../database';
import { HubModule } from '../hub/hub.module';
import { KpisModule } from '../kpis/kpis.module';
import { ProcessesModule } from '../processes/processes.module';
import { AliveTimer } from './alive-timer';
import { AliveRepository } from './alive.repository';
import { GatherFacts } from './gather-facts';
import { NoteServiceWhenItsTaskReports } from './note-service-when-its-task-reports';
import { SayAlive } from './say-alive';

/** The weekly word that all goes on. */
@Module({
  imports: [notifierDatabase, ChatsModule, FallbackModule, HubModule, KpisModule, ProcessesModule],
  controllers: [NoteServiceWhenItsTaskReports],
  providers: [AliveRepository, AliveTimer, GatherFacts, SayAlive],
})
export class AliveModule {}
