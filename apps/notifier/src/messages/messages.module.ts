import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { DeliveryRepository } from './delivery.repository';
import { MeasureMessages } from './measure-messages';
import { MessagesController } from './messages.controller';
import { SpeakInChat } from './speak-in-chat';
import { ThreadRepository } from './thread.repository';
import { Wake } from './wake';

@Module({
  imports: [notifierDatabase],
  controllers: [MessagesController],
  providers: [DeliveryRepository, MeasureMessages, SpeakInChat, ThreadRepository, Wake],
  exports: [DeliveryRepository, SpeakInChat, ThreadRepository, Wake],
})
export class MessagesModule {}
