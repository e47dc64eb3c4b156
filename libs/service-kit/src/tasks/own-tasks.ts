import { Injectable } from '@nestjs/common';
import { type TaskRegistered } from '@recert/contracts';

/** A task as the service that runs it describes it. */
export type OwnTask = Pick<TaskRegistered, 'taskId' | 'name' | 'trigger' | 'emits' | 'rhythm' | 'grace'>;

/** How long after it was expected a timer's silence is news. */
const GRACE = 'PT10M';
/** How often a timer says that it goes round. */
export const PULSE_MS = 300_000;
const PULSE = 'PT5M';

/** What the services of this process run by themselves, besides the handlers of events. */
@Injectable()
export class OwnTasks {
  private readonly tasks = new Map<string, OwnTask[]>();

  add(service: string, task: OwnTask): void {
    this.tasks.set(service, [...this.of(service), task]);
  }

  of(service: string): readonly OwnTask[] {
    return this.tasks.get(service) ?? [];
  }
}

/** @param durable of the handler, such as `registry.open-review-when-process-is-due` */
export function handlerTask(durable: string, subject: string, emits: readonly string[]): OwnTask {
  const name = wordsOf(durable.slice(durable.indexOf('.') + 1));
  return { taskId: durable, name, trigger: { event: subject }, emits: [...emits], rhythm: null, grace: GRACE };
}

/** @param hook its name, such as `sentry`; its path as OpenAPI writes it */
export function hookTask(service: string, hook: string, path: string, emits: readonly string[]): OwnTask {
  const taskId = `${service}.hook.${hook}`;
  return { taskId, name: `take in ${hook}`, trigger: { webhook: path }, emits: [...emits], rhythm: null, grace: GRACE };
}

/** @param taskId such as `scheduler.review-timer` */
export function timerTask(taskId: string, emits: readonly string[]): OwnTask {
  const name = wordsOf(taskId.slice(taskId.indexOf('.') + 1));
  return { taskId, name, trigger: { every: PULSE }, emits: [...emits], rhythm: { every: PULSE }, grace: GRACE };
}

function wordsOf(slug: string): string {
  return slug.replaceAll('-', ' ');
}
