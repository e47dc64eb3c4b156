import { Controller } from '@nestjs/common';
import { done, drop, OnEvent, retry, type Delivery, type Outcome } from '@recert/bus';
import { ReleaseReported, TaskDown, TaskRecovered, TaskReported } from '@recert/contracts';
import { NoteReport } from './note-report';

/** About a minute in all. */
const PATIENCE = 8;

/** What services and modules of one's own report on the bus is noted like what comes by webhook. */
@Controller()
export class NoteReportWhenTaskIsReported {
  constructor(private readonly reports: NoteReport) {}

  @OnEvent(TaskReported, {
    durable: 'registry.note-report-when-task-is-reported',
    emits: [ReleaseReported, TaskDown, TaskRecovered],
  })
  async handle({ reportId, taskId, status, at, log }: TaskReported, { tx, deliveries }: Delivery): Promise<Outcome> {
    const refusal = await this.reports.note(tx, taskId, { id: reportId, status, at: new Date(at), log });
    if (refusal === null) return done;
    // Two subjects: the word that it exists may come a moment later.
    return deliveries < PATIENCE ? retry(250 * 2 ** deliveries, refusal) : drop(refusal);
  }
}
