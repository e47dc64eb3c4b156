import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { BusController } from './bus.controller';
import { BusRepository } from './bus.repository';
import { LeadSwitch } from './lead-switch';
import { NoteAnswerWhenBusIsRefilled } from './note-answer-when-bus-is-refilled';
import { NoteMemberWhenItReports } from './note-member-when-it-reports';
import { RefillBus } from './refill-bus';
import { WatchSwitch } from './watch-switch';

@Module({
  imports: [registryDatabase],
  controllers: [BusController, NoteMemberWhenItReports, NoteAnswerWhenBusIsRefilled],
  providers: [BusRepository, LeadSwitch, WatchSwitch, RefillBus],
})
export class BusModule {}
