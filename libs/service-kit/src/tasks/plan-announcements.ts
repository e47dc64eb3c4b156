import { type TaskRegistered } from '@recert/contracts';
import { type OwnTask } from './own-tasks';

const DAY_MS = 86_400_000;

/** What a service has announced of a task last. */
export interface Announced {
  readonly taskId: string;
  readonly version: number;
  /** What was said, as JSON. */
  readonly said: string;
  readonly at: Date;
}

/**
 * What a service has to say of its tasks: at its start: of each that is new, changed or gone, and of all where a day has
 * passed, so that whoever lost it learns it again.
 */
export function planAnnouncements(
  service: string,
  own: readonly OwnTask[],
  announced: readonly Announced[],
  now: Date,
): TaskRegistered[] {
  const before = new Map(announced.map((each) => [each.taskId, each]));
  const present = own.map((task) => ({ ...task, service, owner: null, active: true }));
  const ids = new Set(own.map(({ taskId }) => taskId));
  const gone = announced
    .filter(({ taskId }) => !ids.has(taskId))
    .map(({ said }) => ({ ...(JSON.parse(said) as TaskRegistered), active: false }));
  return [...present, ...gone].flatMap((task) => {
    const known = before.get(task.taskId);
    const isOld = known !== undefined && now.getTime() - known.at.getTime() >= DAY_MS;
    const isSame = known !== undefined && sayingOf(task) === sayingOf(JSON.parse(known.said) as TaskRegistered);
    // What is gone has been said once; that is enough.
    if (isSame && (!isOld || !task.active)) return [];
    return [{ ...task, version: (known?.version ?? 0) + 1 }];
  });
}

/** Everything but the version, which counts what was said. */
function sayingOf({ taskId, name, service, trigger, emits, rhythm, grace, active }: Omit<TaskRegistered, 'version'>) {
  return JSON.stringify([taskId, name, service, trigger, emits, rhythm, grace, active]);
}
