import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import { type FastifyReply } from 'fastify';
import { Access } from './access/principal';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

@Controller('health')
export class HealthController {
  constructor(private readonly events: EventServer) {}

  /** The process runs. */
  @Get('live')
  @Access('public')
  @HttpCode(200)
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can do its work: every database answers and the bus is connected. 503 with what is missing otherwise. */
  @Get('ready')
  @Access('public')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string; checks: Check[] }> {
    const checks = await this.events.health();
    const ok = checks.every((check) => check.ok);
    if (!ok) void reply.status(503);
    return { status: ok ? 'ok' : 'unavailable', checks };
  }
}
