import { type DynamicModule, Inject, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { AliveModule } from './alive/alive.module';
import { AlertsModule } from './alerts/alerts.module';
import { InboxModule } from './channels/inbox/inbox.module';
import { TelegramModule } from './channels/telegram/telegram.module';
import { NOTIFIER_CONFIG, type NotifierConfig } from './config';
import { HeartbeatModule } from './heartbeat/heartbeat.module';
import { HubModule } from './hub/hub.module';
import { IdentitiesModule } from './identity/identities.module';
import { KpisModule } from './kpis/kpis.module';
import { QuestionsModule } from './questions/questions.module';

/** Every message to a person, over whatever channel. */
@Module({})
export class NotifierModule implements OnApplicationBootstrap {
  constructor(@Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig) {}

  static forRoot(config: NotifierConfig): DynamicModule {
    return {
      module: NotifierModule,
      global: true,
      imports: [
        IdentitiesModule,
        QuestionsModule,
        InboxModule,
        AlertsModule,
        KpisModule,
        HubModule,
        AliveModule,
        HeartbeatModule,
        ...(config.TELEGRAM_BOT_TOKEN === undefined ? [] : [TelegramModule]),
      ],
      providers: [{ provide: NOTIFIER_CONFIG, useValue: config }],
      exports: [NOTIFIER_CONFIG],
    };
  }

  onApplicationBootstrap(): void {
    if (this.config.TELEGRAM_BOT_TOKEN !== undefined) return;
    new Logger('notifier').warn(
      'No TELEGRAM_BOT_TOKEN: questions wait in the web inbox, nobody is asked over Telegram',
    );
  }
}
