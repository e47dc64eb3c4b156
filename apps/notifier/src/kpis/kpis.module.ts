import { Module } from '@nestjs/common';
import { ChatsModule } from '../chats/chats.module';
import { notifierDatabase } from '../database';
import { MessagesModule } from '../messages/messages.module';
import { PeopleModule } from '../people/people.module';
import { AskForKpisWhenTheyAreMissed } from './ask-for-kpis-when-they-are-missed';
import { KpiChart } from './kpi-chart';
import { KpiSummary } from './kpi-summary';
import { KpiWeekRepository } from './kpi-week.repository';
import { ShowKpisWhenSomebodyIsLinked } from './show-kpis-when-somebody-is-linked';
import { ShowKpisWhenTheyAreReceived } from './show-kpis-when-they-are-received';
import { TellKpis } from './tell-kpis';
import { TellMissedKpis } from './tell-missed-kpis';

@Module({
  imports: [notifierDatabase, ChatsModule, MessagesModule, PeopleModule],
  controllers: [AskForKpisWhenTheyAreMissed, ShowKpisWhenSomebodyIsLinked, ShowKpisWhenTheyAreReceived],
  providers: [KpiChart, KpiSummary, KpiWeekRepository, TellKpis, TellMissedKpis],
  exports: [KpiSummary, KpiWeekRepository],
})
export class KpisModule {}
