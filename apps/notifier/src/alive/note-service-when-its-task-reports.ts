import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { serviceNames, TaskReported } from '@recert/contracts';
import { AliveRepository } from './alive.repository';

/** A service whose timer says that it goes round is up. */
@Controller()
export class NoteServiceWhenItsTaskReports {
  constructor(private readonly alive: AliveRepository) {}

  @OnEvent(TaskReported, { durable: 'notifier.note-service-when-its-task-reports' })
  async handle({ taskId, at }: TaskReported, { tx }: Delivery): Promise<Outcome> {
    const service = serviceNames.find((name) => taskId.startsWith(`${name}.`));
    if (service !== undefined) await this.alive.notePulse(tx.db, service, new Date(at));
    return done;
  }
}
