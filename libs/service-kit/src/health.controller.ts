import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import { liveView, readyView, type ReadyView } from '@recert/contracts';
import { type FastifyReply } from 'fastify';
import { Access } from './access/principal';
import { HealthChecks } from './health-checks';
import { Describe } from './http/describe';

@Controller('health')
export class HealthController {
  constructor(
    private readonly events: EventServer,
    private readonly others: HealthChecks,
  ) {}

  /** The process runs. */
  @Get('live')
  @Access('public')
  @HttpCode(200)
  @Describe({ says: 'The process runs.', answer: liveView })
  live(): { status: 'ok' } {
    return { status: 'ok' };
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
