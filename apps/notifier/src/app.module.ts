import { type DynamicModule, Module } from '@nestjs/common';
import { InboxModule } from './channels/inbox/inbox.module';
import { TelegramModule } from './channels/telegram/telegram.module';
import { NOTIFIER_CONFIG, type NotifierConfig } from './config';
import { QuestionsModule } from './questions/questions.module';

/** Every message to a person, over whatever channel. */
@Module({})
export class NotifierModule {
  static forRoot(config: NotifierConfig): DynamicModule {
    return {
      module: NotifierModule,
      global: true,
      imports: [QuestionsModule, InboxModule, ...(config.TELEGRAM_BOT_TOKEN === undefined ? [] : [TelegramModule])],
      providers: [{ provide: NOTIFIER_CONFIG, useValue: config }],
      exports: [NOTIFIER_CONFIG],
    };
  }
}
