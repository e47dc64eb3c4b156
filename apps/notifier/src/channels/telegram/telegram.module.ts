import { Module } from '@nestjs/common';
import { InjectBot, TelegrafModule } from 'nestjs-telegraf';
import { type Telegraf } from 'telegraf';
import { AlertRepository } from '../../alerts/alert.repository';
import { AlertsModule } from '../../alerts/alerts.module';
import { NOTIFIER_CONFIG } from '../../config';
import { notifierDatabase } from '../../database';
import { HubModule } from '../../hub/hub.module';
import { LetterRepository } from '../../hub/letter.repository';
import { ReleaseRepository } from '../../hub/release.repository';
import { TroubleRepository } from '../../hub/trouble.repository';
import { KpisModule } from '../../kpis/kpis.module';
import { DeliveryRepository } from '../../messages/delivery.repository';
import { NonceRepository } from '../../questions/nonce.repository';
import { QuestionsModule } from '../../questions/questions.module';
import { ReachModule } from '../../reach/reach.module';
import { FallbackModule } from '../fallback/fallback.module';
import { FallbackRepository } from '../fallback/fallback.repository';
import { FindSpeaker } from './accounts/find-speaker';
import { LinkAccount } from './accounts/link-account';
import { LoseAccount } from './accounts/lose-account';
import { OfferLogin } from './accounts/offer-login';
import { ReadLinkAgainWhenInvitationComes } from './accounts/read-link-again-when-invitation-comes';
import { WrongCodeRepository } from './accounts/wrong-code.repository';
import { BotApi } from './bot-api';
import { botId } from './bot-id';
import { CleanUp, OLD_ROWS, type OldRows } from './clean-up';
import { AdminUpdates } from './conversation/admin.update';
import { AlertButtonUpdates } from './conversation/alert-button.update';
import { AnswerUpdates } from './conversation/answer.update';
import { AnswerPress } from './conversation/answer-press';
import { AdminAudience } from './conversation/admin-audience';
import { CommandUpdates } from './conversation/command.update';
import { LoginUpdates } from './conversation/login.update';
import { MembershipUpdates } from './conversation/membership.update';
import { OtherUpdates } from './conversation/other.update';
import { ReplayButtonUpdates } from './conversation/replay-button.update';
import { Reply } from './conversation/reply';
import { SayLogin } from './conversation/say-login';
import { SayUnwritten } from './conversation/say-unwritten';
import { StartUpdates } from './conversation/start.update';
import { Leadership } from './leadership';
import { BotRepository } from './receive/bot.repository';
import { IntroduceBot } from './receive/introduce-bot';
import { LongPoll } from './receive/long-poll';
import { ReceiveUpdates } from './receive/receive-updates';
import { UpdateIntake } from './receive/update-intake';
import { UpdateWorker } from './receive/update-worker';
import { UpdateRepository } from './receive/update.repository';
import { Webhook } from './receive/webhook';
import { WebhookController } from './receive/webhook.controller';
import { ReachEvidence } from './reach/reach-evidence';
import { ReachRunner } from './reach/reach-runner';
import { DeliverySender } from './send/delivery-sender';
import { MoveChat } from './send/move-chat';
import { NoticeRunner } from './send/notice-runner';
import { PaceRepository } from './send/pace.repository';
import { PromotionRunner } from './send/promotion-runner';
import { SendMessage } from './send/send-message';
import { SettleDelivery } from './send/settle-delivery';
import { TryDelivery } from './send/try-delivery';
import { tame, telegrafOptions } from './telegraf-options';
import { ROUNDS, TelegramDuties, type Round } from './telegram-duties';
import { TelegramStatus } from './telegram-status';

const accounts = [FindSpeaker, LinkAccount, LoseAccount, OfferLogin, WrongCodeRepository];
const receive = [
  BotRepository,
  IntroduceBot,
  LongPoll,
  ReceiveUpdates,
  UpdateIntake,
  UpdateRepository,
  UpdateWorker,
  Webhook,
];
const send = [
  DeliverySender,
  MoveChat,
  NoticeRunner,
  PaceRepository,
  PromotionRunner,
  SendMessage,
  SettleDelivery,
  TryDelivery,
];
const rounds = [PromotionRunner, CleanUp, ReachRunner];
/** Tables whose old rows the one who leads the channel removes. */
const withOldRows = [
  ...[UpdateRepository, NonceRepository, DeliveryRepository, AlertRepository, WrongCodeRepository],
  ...[LetterRepository, ReleaseRepository, TroubleRepository, FallbackRepository],
];
/** In the order in which they are asked whether an update is theirs. */
const conversation = [
  StartUpdates,
  CommandUpdates,
  LoginUpdates,
  AdminUpdates,
  AlertButtonUpdates,
  ReplayButtonUpdates,
  AnswerUpdates,
  MembershipUpdates,
  OtherUpdates,
];

/** The channel to people's Telegram. Imported only where there is a bot. */
@Module({
  imports: [
    notifierDatabase,
    QuestionsModule,
    AlertsModule,
    HubModule,
    KpisModule,
    FallbackModule,
    ReachModule,
    TelegrafModule.forRootAsync({ imports: [], inject: [NOTIFIER_CONFIG], useFactory: telegrafOptions }),
  ],
  controllers: [WebhookController, ReadLinkAgainWhenInvitationComes],
  providers: [
    ...[...accounts, ...receive, ...send, ...conversation],
    ...[
      AdminAudience,
      AnswerPress,
      BotApi,
      botId,
      { provide: ROUNDS, inject: rounds, useFactory: (...all: Round[]) => all },
      CleanUp,
      { provide: OLD_ROWS, inject: withOldRows, useFactory: (...tables: OldRows[]) => tables },
      Leadership,
      ReachEvidence,
      ReachRunner,
      Reply,
      SayLogin,
      SayUnwritten,
      TelegramDuties,
      TelegramStatus,
    ],
  ],
})
export class TelegramModule {
  constructor(@InjectBot() bot: Telegraf) {
    tame(bot);
  }
}
