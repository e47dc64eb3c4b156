import { Module } from '@nestjs/common';
import { schedulerDatabase } from '../database';
import { ApplyPolicyWhenItChanged } from './apply-policy-when-it-changed';
import { escalationPolicyProvider } from './escalation-policy';
import { FollowProcessWhenItIsRegistered } from './follow-process-when-it-is-registered';
import { ForgetProcessWhenItIsRetired } from './forget-process-when-it-is-retired';
import { MeasureSchedule } from './measure-schedule';
import { OpenDueReviews } from './open-due-reviews';
import { ReviewTimer } from './review-timer';
import { ReviewWhenItIsRequested } from './review-when-it-is-requested';
import { ScheduleController } from './schedule.controller';
import { ScheduleRepository } from './schedule.repository';

@Module({
  imports: [schedulerDatabase],
  controllers: [
    ScheduleController,
    FollowProcessWhenItIsRegistered,
    ForgetProcessWhenItIsRetired,
    ReviewWhenItIsRequested,
  ],
  providers: [
    escalationPolicyProvider,
    ScheduleRepository,
    OpenDueReviews,
    ReviewTimer,
    ApplyPolicyWhenItChanged,
    MeasureSchedule,
  ],
})
export class ScheduleModule {}
