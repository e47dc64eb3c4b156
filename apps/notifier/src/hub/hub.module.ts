import { Module } from '@nestjs/common';
import { ChatsModule } from '../chats/chats.module';
import { notifierDatabase } from '../database';
import { PeopleModule } from '../people/people.module';
import { CloseTroubleWhenTaskRecovers } from './close-trouble-when-task-recovers';
import { LetterRepository } from './letter.repository';
import { PressReplayButton } from './press-replay-button';
import { ReleaseRepository } from './release.repository';
import { SayInHub } from './say-in-hub';
import { ShowLetterWhenItIsKept } from './show-letter-when-it-is-kept';
import { ShowLetters } from './show-letters';
import { ShowOutcomeWhenLetterIsSettled } from './show-outcome-when-letter-is-settled';
import { ShowReleaseWhenItIsReported } from './show-release-when-it-is-reported';
import { TellAdminsWhenSubscriptionIsDisabled } from './tell-admins-when-subscription-is-disabled';
import { TellTroubleWhenTaskIsDown } from './tell-trouble-when-task-is-down';
import { TroubleRepository } from './trouble.repository';

const tables = [LetterRepository, ReleaseRepository, TroubleRepository];

/** What the hub has to say about itself: tasks that are down, releases, dead letters, addresses that take nothing. */
@Module({
  imports: [notifierDatabase, ChatsModule, PeopleModule],
  controllers: [
    CloseTroubleWhenTaskRecovers,
    ShowLetterWhenItIsKept,
    ShowOutcomeWhenLetterIsSettled,
    ShowReleaseWhenItIsReported,
    TellAdminsWhenSubscriptionIsDisabled,
    TellTroubleWhenTaskIsDown,
  ],
  providers: [...tables, PressReplayButton, SayInHub, ShowLetters],
  exports: [...tables, PressReplayButton, SayInHub],
})
export class HubModule {}
