import { Module } from '@nestjs/common';
import { AlertsModule } from '../../alerts/alerts.module';
import { alertRelayDatabase } from '../../database';
import { PollIssues } from './poll-issues';
import { PollTimer } from './poll-timer';
import { PollRepository } from './poll.repository';
import { SentryApi } from './sentry-api';

@Module({
  imports: [alertRelayDatabase, AlertsModule],
  providers: [PollRepository, SentryApi, PollIssues, PollTimer],
})
export class SentryPollModule {}
