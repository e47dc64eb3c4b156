import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { ChatsModule } from '../chats/chats.module';
import { PeopleModule } from '../people/people.module';
import { QuestionsModule } from '../questions/questions.module';
import { AlertMessageRepository } from './alert-message.repository';
import { AlertRepository } from './alert.repository';
import { FollowMovedGroup } from './follow-moved-group';
import { PlaceAlert } from './place-alert';
import { PressAlertButton } from './press-alert-button';
import { PromoteAlerts } from './promote-alerts';
import { ShowAlert } from './show-alert';
import { ShowAlertWhenItIsRaised } from './show-alert-when-it-is-raised';
import { ShowEndWhenAlertIsResolved } from './show-end-when-alert-is-resolved';
import { ShowOpenAlertsWhenSomebodyIsLinked } from './show-open-alerts-when-somebody-is-linked';

const tables = [AlertMessageRepository, AlertRepository];

@Module({
  imports: [notifierDatabase, ChatsModule, PeopleModule, QuestionsModule],
  controllers: [ShowAlertWhenItIsRaised, ShowEndWhenAlertIsResolved, ShowOpenAlertsWhenSomebodyIsLinked],
  providers: [...tables, FollowMovedGroup, PlaceAlert, PressAlertButton, PromoteAlerts, ShowAlert],
  exports: [...tables, ChatsModule, FollowMovedGroup, PressAlertButton, PromoteAlerts],
})
export class AlertsModule {}
