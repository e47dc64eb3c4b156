import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type FallbackTestView, fallbackTestView, type FallbackView, fallbackView } from '@recert/contracts';
import { Access, Clock, Describe, type Principal, Sender, UserError } from '@recert/service-kit';
import { ReachRepository } from '../../reach/reach.repository';
import { type FallbackWay } from './fallback-delivery';
import { FALLBACK_WAYS } from './fallback-ways';
import { FallbackRepository } from './fallback.repository';
import { SpeakElsewhere } from './speak-elsewhere';

const SHOWN = 20;
const NOT_SET =
  'No fallback is set. Set NTFY_URL, or SMTP_URL with FALLBACK_MAIL_FROM and FALLBACK_MAIL_TO, for the notifier.';

/** What is said while Telegram is away, and whether it would arrive. */
@Controller('api/fallback')
export class FallbackController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly reaches: ReachRepository,
    private readonly rows: FallbackRepository,
    private readonly speaker: SpeakElsewhere,
    private readonly clock: Clock,
    @Inject(FALLBACK_WAYS) private readonly ways: readonly FallbackWay[],
  ) {}

  @Get()
  @Access('admin')
  @Describe({ says: 'The fallback: its ways, since when it speaks, and its newest messages.', answer: fallbackView })
  async show(): Promise<FallbackView> {
    const db = this.database.dataSource.manager;
    const { fallback } = await this.reaches.load(db);
    return {
      ways: this.ways.map(({ way }) => way),
      since: fallback?.since.toISOString() ?? null,
      messages: await this.rows.recent(db, SHOWN),
    };
  }

  @Post('test')
  @HttpCode(202)
  @Access('admin')
  @Describe({ says: 'Sends a test on every way of the fallback.', answer: fallbackTestView })
  async test(@Sender() { name }: Principal): Promise<FallbackTestView> {
    if (!this.speaker.isPossible) throw UserError.conflict(NOT_SET);
    const now = this.clock.now();
    return { messages: await this.database.transaction((tx) => this.speaker.test(tx, name, now)) };
  }
}
