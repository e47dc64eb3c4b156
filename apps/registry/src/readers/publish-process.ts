import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock, UserError } from '@recert/service-kit';
import { HistoryRepository } from '../history/history.repository';
import { EVERY_PRODUCT } from '../processes/process';
import { ProcessRepository } from '../processes/process.repository';
import { ReaderRepository } from './reader.repository';

/** Lets everybody who has the address read a record, or nobody any more; either stands in the history. */
@Injectable()
export class PublishProcess {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly readers: ReaderRepository,
    private readonly history: HistoryRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 404, or 409 when there is no record to read */
  async set(id: string, on: boolean, by: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const process = await this.processes.lock(tx, id);
      if (process === null) throw UserError.notFound(`process "${id}"`);
      if (on && (!process.documented || process.product === EVERY_PRODUCT || process.state.status === 'retired')) {
        throw UserError.conflict(
          `"${process.name}" has no record that could be read: only a written process gets a page.`,
        );
      }
      const at = this.clock.now();
      const isNews = on ? await this.readers.publish(tx, id, { since: at, by }) : await this.readers.withdraw(tx, id);
      if (!isNews) return;
      const [old, now] = on ? ['off', 'on'] : ['on', 'off'];
      const cause = on ? 'public page switched on' : 'public page switched off';
      const entry = { at, by, processId: id, person: null, field: 'publicPage', old, new: now, cause, source: 'http' };
      await this.history.append(tx, [entry]);
    });
  }
}
