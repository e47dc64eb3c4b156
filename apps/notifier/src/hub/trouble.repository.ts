import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';

/** One trouble of one task: it has one at a time, and each has the next number. */
export interface TroubleKey {
  readonly taskId: string;
  readonly trouble: number;
}

/** The table `trouble`: which of them are over. */
@Injectable()
export class TroubleRepository {
  /** Locks it, also where nothing was heard of it before. @returns whether it is over */
  async lock(db: EntityManager, { taskId, trouble }: TroubleKey): Promise<boolean> {
    const key = [taskId, trouble];
    await db.query('insert into trouble (task_id, trouble) values ($1, $2) on conflict do nothing', key);
    const [row] = await db.query<{ is_over: boolean }[]>(
      'select is_over from trouble where task_id = $1 and trouble = $2 for update',
      key,
    );
    return row!.is_over;
  }

  async end(db: EntityManager, { taskId, trouble }: TroubleKey): Promise<void> {
    await db.query('update trouble set is_over = true, at = now() where task_id = $1 and trouble = $2', [
      taskId,
      trouble,
    ]);
  }

  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from trouble where is_over and at < now() - interval '400 days'`);
  }
}
