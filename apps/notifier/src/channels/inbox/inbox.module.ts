import { Module } from '@nestjs/common';
import { notifierDatabase } from '../../database';
import { QuestionsModule } from '../../questions/questions.module';
import { InboxController } from './inbox.controller';

@Module({ imports: [notifierDatabase, QuestionsModule], controllers: [InboxController] })
export class InboxModule {}
