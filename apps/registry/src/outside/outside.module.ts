import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { ProcessesModule } from '../processes/processes.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { EventsHook } from './events.hook';
import { SayForOutsider } from './say-for-outsider';

@Module({
  imports: [AccessModule, ProcessesModule, SubscriptionsModule],
  providers: [EventsHook, SayForOutsider],
  exports: [EventsHook],
})
export class OutsideModule {}
