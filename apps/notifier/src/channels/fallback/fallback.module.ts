import { Module } from '@nestjs/common';
import { notifierDatabase } from '../../database';
import { ReachModule } from '../../reach/reach.module';
import { FallbackController } from './fallback.controller';
import { FallbackTimer } from './fallback-timer';
import { fallbackWays } from './fallback-ways';
import { FallbackRepository } from './fallback.repository';
import { SpeakElsewhere } from './speak-elsewhere';
import { WaitingNewsRepository } from './waiting-news.repository';

/** What the admins hear besides Telegram: while it is away, once a month, and when somebody tries it. */
@Module({
  imports: [notifierDatabase, ReachModule],
  controllers: [FallbackController],
  providers: [fallbackWays, FallbackRepository, FallbackTimer, SpeakElsewhere, WaitingNewsRepository],
  exports: [fallbackWays, FallbackRepository, SpeakElsewhere],
})
export class FallbackModule {}
