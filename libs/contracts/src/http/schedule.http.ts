import { z } from 'zod';
import { instant, processStatus } from '../scalars';

/** One line of `GET /api/schedule`: when the scheduler will look at a process next. */
export const scheduleView = z.object({
  processId: z.string(),
  name: z.string(),
  owner: z.string().nullable(),
  status: processStatus,
  wakeAt: instant,
  /** The open review, with the number of its last reminder and who was told of it last; null where none is open. */
  reviewId: z.string().nullable(),
  reminder: z.int().nullable(),
  told: z.enum(['owner', 'deputy', 'admins']).nullable(),
});
export type ScheduleView = z.output<typeof scheduleView>;
