import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { MessagesModule } from '../messages/messages.module';
import { PeopleModule } from '../people/people.module';
import { ProcessesModule } from '../processes/processes.module';
import { AnswerQuestion } from './answer-question';
import { AskAboutReview } from './ask-about-review';
import { AskOwnerWhenProcessIsDue } from './ask-owner-when-process-is-due';
import { AskPeople } from './ask-people';
import { askingRules } from './asking-rules';
import { CloseQuestions } from './close-questions';
import { CloseQuestionsWhenProcessIsRetired } from './close-questions-when-process-is-retired';
import { ComposeQuestion } from './compose-question';
import { EscalateWhenProcessIsOverdue } from './escalate-when-process-is-overdue';
import { EscalateUnreachable } from './escalate-unreachable';
import { NonceRepository } from './nonce.repository';
import { PutQuestion } from './put-question';
import { QuestionRepository } from './question.repository';
import { RecordLinkController } from './record-link.controller';
import { RepeatQuestions } from './repeat-questions';
import { SettleQuestions } from './settle-questions';
import { SettleQuestionsWhenProcessChanges } from './settle-questions-when-process-changes';
import { ShowOutcomeWhenProcessIsCertified } from './show-outcome-when-process-is-certified';

const services = [
  AnswerQuestion,
  AskAboutReview,
  AskPeople,
  askingRules,
  CloseQuestions,
  ComposeQuestion,
  EscalateUnreachable,
  PutQuestion,
  RepeatQuestions,
  SettleQuestions,
];
const tables = [NonceRepository, QuestionRepository];

@Module({
  imports: [notifierDatabase, MessagesModule, PeopleModule, ProcessesModule],
  controllers: [
    AskOwnerWhenProcessIsDue,
    CloseQuestionsWhenProcessIsRetired,
    EscalateWhenProcessIsOverdue,
    RecordLinkController,
    SettleQuestionsWhenProcessChanges,
    ShowOutcomeWhenProcessIsCertified,
  ],
  providers: [...services, ...tables],
  exports: [...services, ...tables, MessagesModule, PeopleModule, ProcessesModule],
})
export class QuestionsModule {}
