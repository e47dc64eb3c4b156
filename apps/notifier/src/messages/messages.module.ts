import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { DeliveryRepository } from './delivery.repository';
import { MessagesController } from './messages.controller';
import { Wake } from './wake';

@Module({
  imports: [notifierDatabase],
  controllers: [MessagesController],
  providers: [DeliveryRepository, Wake],
  exports: [DeliveryRepository, Wake],
})
export class MessagesModule {}
