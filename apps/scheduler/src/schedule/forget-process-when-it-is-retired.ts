import { Controller } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome, retry } from '@recert/bus';
import { ProcessRetired } from '@recert/contracts';
import { forget } from './follow';
import { ScheduleRepository, toRow } from './schedule.repository';

@Controller()
export class ForgetProcessWhenItIsRetired {
  constructor(private readonly schedules: ScheduleRepository) {}

  @OnEvent(ProcessRetired, { durable: 'scheduler.forget-process' })
  async handle(retired: ProcessRetired, { tx }: Delivery): Promise<Outcome> {
    const known = await this.schedules.lock(tx, retired.processId);
    if (known && known.version >= retired.version) return done;
    const left = forget(known, retired);
    if (known) await this.schedules.update(tx, [toRow(left, null)]);
    else if (!(await this.schedules.insert(tx, left, null))) return retry(0, 'two states of a new process at once');
    await this.schedules.deleteOccurrences(tx, retired.processId);
    return done;
  }
}
