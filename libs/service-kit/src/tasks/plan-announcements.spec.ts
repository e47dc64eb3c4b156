import { type TaskRegistered } from '@recert/contracts';
import { handlerTask, hookTask, timerTask, type OwnTask } from './own-tasks';
import { planAnnouncements, type Announced } from './plan-announcements';

const NOW = new Date('2026-11-27T09:00:00.000Z');
const DAY_MS = 86_400_000;
const handler = handlerTask('registry.open-review-when-process-is-due', 'process.due', ['process.registered']);

/** As the table has it after these were said. */
const kept = (said: readonly TaskRegistered[], at: Date): Announced[] =>
  said.map((task) => ({ taskId: task.taskId, version: task.version, said: JSON.stringify(task), at }));
const plan = (own: readonly OwnTask[], announced: readonly Announced[] = [], now = NOW) =>
  planAnnouncements('registry', own, announced, now);

describe('what a service says of its own tasks', () => {
  it('is what it is called, what makes it run and what it says', () => {
    expect(plan([handler])).toEqual([
      {
        ...{ taskId: 'registry.open-review-when-process-is-due', version: 1, name: 'open review when process is due' },
        ...{ service: 'registry', owner: null, trigger: { event: 'process.due' }, emits: ['process.registered'] },
        ...{ rhythm: null, grace: 'PT10M', active: true },
      },
    ]);
    expect(hookTask('registry', 'github', '/hooks/github', [])).toMatchObject({
      ...{ taskId: 'registry.hook.github', trigger: { webhook: '/hooks/github' } },
    });
    expect(timerTask('scheduler.review-timer', [])).toMatchObject({ name: 'review timer', rhythm: { every: 'PT5M' } });
  });

  it('is said once, and all of it again after a day, to the millisecond', () => {
    const announced = kept(plan([handler]), NOW);
    expect(plan([handler], announced)).toEqual([]);
    expect(plan([handler], announced, new Date(NOW.getTime() + DAY_MS - 1))).toEqual([]);
    expect(plan([handler], announced, new Date(NOW.getTime() + DAY_MS))).toMatchObject([{ version: 2 }]);
  });

  it('is said again when it is another', () => {
    const announced = kept(plan([handler]), NOW);
    const changed = { ...handler, emits: ['process.registered', 'process.certified'] };
    expect(plan([changed], announced)).toMatchObject([{ version: 2, emits: changed.emits, active: true }]);
  });

  it('is said once more when it is gone, and again when it is back', () => {
    const announced = kept(plan([handler]), NOW);
    const gone = plan([], announced);
    expect(gone).toMatchObject([{ taskId: handler.taskId, version: 2, active: false }]);
    const later = new Date(NOW.getTime() + 2 * DAY_MS);
    expect(plan([], kept(gone, NOW), later)).toEqual([]);
    expect(plan([handler], kept(gone, NOW))).toMatchObject([{ version: 3, active: true }]);
  });
});
