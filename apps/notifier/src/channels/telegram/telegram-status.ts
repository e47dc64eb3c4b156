import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { HealthChecks, type HealthCheck } from '@recert/service-kit';
import { UpdateRepository } from './receive/update.repository';

const STANDING_BY = { ok: true, detail: 'standing by' };
const CONNECTED = { ok: true, detail: 'connected' };

/** Whether Telegram can be reached, for the health page; each change is logged once. */
@Injectable()
export class TelegramStatus implements OnModuleInit {
  private readonly log = new Logger('telegram');
  private state: { readonly ok: boolean; readonly detail: string } = STANDING_BY;

  constructor(
    private readonly health: HealthChecks,
    private readonly database: ServiceDatabase,
    private readonly updates: UpdateRepository,
  ) {}

  onModuleInit(): void {
    this.health.add(() => this.check());
  }

  /** Another replica speaks with Telegram, or will in a moment. */
  standsBy(): void {
    this.state = STANDING_BY;
  }

  isWell(): void {
    if (this.state !== CONNECTED) this.log.log('Connected');
    this.state = CONNECTED;
  }

  isIll(problem: string): void {
    if (this.state.detail !== problem) this.log.warn(`${problem}; trying again`);
    this.state = { ok: false, detail: problem };
  }

  private async check(): Promise<HealthCheck> {
    const name = 'telegram';
    if (this.state !== CONNECTED) return { name, ...this.state };
    const parked = await this.updates.parked(this.database.dataSource.manager).catch(() => 0);
    if (parked === 0) return { name, ...CONNECTED };
    return { name, ok: false, detail: `connected; ${parked} updates could not be handled and were put aside` };
  }
}
