import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import { liveView, readyView, servingView, type ReadyView, type ServingView } from '@recert/contracts';
import { type FastifyReply } from 'fastify';
import { Access } from './access/principal';
import { HealthChecks } from './health-checks';
import { Describe } from './http/describe';
import { Leaving } from './http/leaving';

@Controller('health')
export class HealthController {
  constructor(
    private readonly events: EventServer,
    private readonly others: HealthChecks,
    private readonly leaving: Leaving,
  ) {}

  /** The process runs. */
  @Get('live')
  @Access('public')
  @HttpCode(200)
  @Describe({ says: 'The process runs.', answer: liveView })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It takes requests. Without its bus it does, too: what comes is kept until the bus is back. */
  @Get('serving')
  @Access('public')
  @Describe({
    says: 'The process takes requests; 503 once it was told to stop, for whoever stands in front of it.',
    answer: servingView,
  })
  serving(@Res({ passthrough: true }) reply: FastifyReply): ServingView {
    if (this.leaving.isLeaving) void reply.status(503);
    return { status: this.leaving.isLeaving ? 'leaving' : 'ok' };
  }

  /**
   * It can do its work: every database answers and the bus is connected; 503 with what is missing otherwise. What it can
   * do some of its work without makes it degraded, not unavailable.
   */
  @Get('ready')
  @Access('public')
  @Describe({ says: 'The process can do its work; 503 with the same fields while it cannot.', answer: readyView })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyView> {
    const [vital, others] = await Promise.all([this.events.health(), this.others.all()]);
    const isReady = vital.every((check) => check.ok);
    if (!isReady) void reply.status(503);
    const healthy = others.every((check) => check.ok) ? 'ok' : 'degraded';
    return { status: isReady ? healthy : 'unavailable', checks: [...vital, ...others] };
  }
}
