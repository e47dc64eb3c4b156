import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { TaskRegistered } from '@recert/contracts';
import { OUTSIDE, type Task } from './task';
import { newTask } from './task-health';
import { TaskRepository } from './task.repository';

const YEAR = 'P1Y';

/**
 * Tasks that somebody registered or changed between the backup and its restore; the services' own say so themselves. What
 * is not told of a task, such as its deputy, is as at its first registration without it.
 */
export function recallTasks(database: ServiceDatabase): Recalling[] {
  const tasks = new TaskRepository(database);
  return [
    recalling(TaskRegistered, async (said, { tx, attributes }) => {
      const before = await tasks.lock(tx, said.taskId);
      const isOlder = before !== null && before.task.version >= said.version;
      if (said.service !== OUTSIDE || isOlder) return;
      const at = new Date(attributes.time);
      // Looked at at once, so that the timer reckons when it is expected.
      await tasks.save(tx, recalledTask(before?.task ?? null, said, at), { expectedBy: null, lookAt: at });
    }),
  ];
}

function recalledTask(before: Task | null, said: TaskRegistered, at: Date): Task {
  const { taskId: id, version, name, service, owner, trigger, emits, rhythm, grace, active } = said;
  const untold = { deputy: null, review: YEAR, url: null, productId: null, isRelease: false, registeredAt: at };
  const health = { ...(before?.health ?? newTask(at)), active };
  return { ...untold, ...before, ...{ id, version, name, service, owner, trigger, emits, rhythm, grace, health } };
}
