import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { MakeOwners } from '../people/make-owners';
import { MakeOwnersOfBefore } from '../people/make-owners-of-before';
import { PersonStoreModule } from '../people/person-store.module';
import { AnswerProcess } from './answer-process';
import { ApplyAnswerWhenOwnerResponds } from './apply-answer-when-owner-responds';
import { AskForReview } from './ask-for-review';
import { EditProcess } from './edit-process';
import { EvidenceList } from './evidence-list';
import { EvidenceController } from './evidence.controller';
import { EvidenceRepository } from './evidence.repository';
import { MarkOverdueWhenProcessIsOverdue } from './mark-overdue-when-process-is-overdue';
import { MeasureProcesses } from './measure-processes';
import { OpenReviewWhenProcessIsDue } from './open-review-when-process-is-due';
import { ProcessList } from './process-list';
import { processRules, PROCESS_RULES } from './process-rules';
import { ProcessRepository } from './process.repository';
import { ProcessesController } from './processes.controller';
import { ReviewsController } from './reviews.controller';
import { SummarizeProcesses } from './summarize-processes';
import { ProcessWriter } from './write-process-changes';

const consumers = [OpenReviewWhenProcessIsDue, MarkOverdueWhenProcessIsOverdue, ApplyAnswerWhenOwnerResponds];

@Module({
  imports: [registryDatabase, HistoryModule, PersonStoreModule, AccessModule],
  controllers: [ProcessesController, EvidenceController, ReviewsController, ...consumers],
  providers: [
    processRules,
    MeasureProcesses,
    ProcessRepository,
    ProcessList,
    SummarizeProcesses,
    EvidenceList,
    EvidenceRepository,
    MakeOwners,
    MakeOwnersOfBefore,
    ProcessWriter,
    AnswerProcess,
    AskForReview,
    EditProcess,
  ],
  exports: [AskForReview, MakeOwners, PROCESS_RULES, ProcessRepository, ProcessWriter],
})
export class ProcessesModule {}
