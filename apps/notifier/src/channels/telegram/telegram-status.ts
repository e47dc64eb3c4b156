import { Injectable, Logger } from '@nestjs/common';

/** Whether Telegram can be reached, for the health page; each change is logged once. */
@Injectable()
export class TelegramStatus {
  private readonly log = new Logger('telegram');
  private problem: string | null = 'not connected yet';

  get ok(): boolean {
    return this.problem === null;
  }

  get detail(): string {
    return this.problem ?? 'connected';
  }

  isWell(): void {
    if (this.problem !== null) this.log.log('Connected');
    this.problem = null;
  }

  isIll(problem: string): void {
    if (this.problem !== problem) this.log.warn(`${problem}; trying again`);
    this.problem = problem;
  }
}
