import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import { type FastifyReply } from 'fastify';
import { Access } from './access/principal';
import { HealthChecks, type HealthCheck } from './health-checks';

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
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * It can do its work: every database answers and the bus is connected; 503 with what is missing otherwise. What it can
   * do some of its work without makes it degraded, not unavailable.
   */
  @Get('ready')
  @Access('public')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string; checks: HealthCheck[] }> {
    const [vital, others] = await Promise.all([this.events.health(), this.others.all()]);
    const isReady = vital.every((check) => check.ok);
    if (!isReady) void reply.status(503);
    const healthy = others.every((check) => check.ok) ? 'ok' : 'degraded';
    return { status: isReady ? healthy : 'unavailable', checks: [...vital, ...others] };
  }
}
