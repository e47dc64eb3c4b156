import { Inject, Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type Update } from 'telegraf/types';
import { Wake } from '../../../messages/wake';
import { BOT_ID } from '../bot-id';
import { UpdateWorker } from './update-worker';
import { UpdateRepository } from './update.repository';

/** Where updates come in, however they came: stored as they are, before anything is made of them. */
@Injectable()
export class UpdateIntake {
  constructor(
    @Inject(BOT_ID) private readonly botId: number,
    private readonly database: ServiceDatabase,
    private readonly updates: UpdateRepository,
    private readonly worker: UpdateWorker,
    private readonly wake: Wake,
  ) {}

  /** Resolves when they are committed, and whoever handles them has begun. */
  async keep(updates: readonly Update[]): Promise<void> {
    if (updates.length === 0) return;
    const stored = await this.updates.keep(this.database.dataSource.manager, this.botId, updates);
    if (!this.worker.offer(stored)) this.wake.wake('updates');
    // Somebody waits for what comes of these, and nobody for the next call.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
