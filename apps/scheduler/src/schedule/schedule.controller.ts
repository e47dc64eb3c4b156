import { Controller, Get, Query } from '@nestjs/common';
import { pageOf, pageQuery, scheduleView, type Page, type ScheduleView } from '@recert/contracts';
import { Access, Describe, fromCursor, parsed, toCursor, UserError } from '@recert/service-kit';
import { type z } from 'zod';
import { ScheduleRepository, type ScheduleRow } from './schedule.repository';

/** What the scheduler will look at next, for operators. */
@Controller('api/schedule')
export class ScheduleController {
  constructor(private readonly schedules: ScheduleRepository) {}

  /** Earliest first. */
  @Get()
  @Access('admin')
  @Describe({
    says: 'What the scheduler looks at next, earliest first.',
    query: pageQuery,
    answer: pageOf(scheduleView),
  })
  async list(@Query(parsed(pageQuery)) { limit, cursor }: z.output<typeof pageQuery>): Promise<Page<ScheduleView>> {
    const rows = await this.schedules.nextWakes(limit + 1, placeOf(cursor));
    const items = rows.slice(0, limit).map(toView);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, next: last ? toCursor([last.wakeAt, last.processId]) : null };
  }
}

/** @throws UserError 400 when it is not a cursor of this list */
function placeOf(cursor: string | undefined): [wakeAt: Date, processId: string] | null {
  const parts = fromCursor(cursor, 2);
  if (parts === null) return null;
  const wakeAt = new Date(parts[0]!);
  if (Number.isNaN(wakeAt.getTime())) throw new UserError(400, 'cursor: not one of this list; start without a cursor');
  return [wakeAt, String(parts[1])];
}

function toView(row: ScheduleRow): ScheduleView {
  return {
    processId: row.process_id,
    name: row.name,
    owner: row.owner,
    status: row.status,
    wakeAt: row.wake_at!.toISOString(),
    reviewId: row.review_id,
    reminder: row.review_reminder,
    told: row.review_told,
  };
}
