import { CreateSchedule0001 } from './0001-create-schedule';

/** In order; a migration that was released is never edited. */
export const migrations = [CreateSchedule0001];
