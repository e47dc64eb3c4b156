import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { allPages, usePages } from '../api/pages';
import { useChange } from '../api/use-change';
import { type TaskFilters } from './task-filters';

export type Task = Schema<'TaskView'>;
export type TaskDetail = Schema<'TaskDetail'>;

const PAGE = 100;

/** The tasks of the hub, by id. */
export function useTasks(filters: TaskFilters) {
  return usePages(['tasks', 'list', filters], (begin) =>
    answerOf(api.GET('/api/tasks', { params: { query: { ...filters, limit: PAGE, ...begin } } })),
  );
}

/** All of them, for what is drawn of them. */
export function useAllTasks() {
  return useQuery({
    queryKey: ['tasks', 'all'],
    queryFn: () =>
      allPages((begin) => answerOf(api.GET('/api/tasks', { params: { query: { limit: 1000, ...begin } } }))),
  });
}

export function useTask(id: string) {
  return useQuery({
    queryKey: ['tasks', 'one', id],
    queryFn: () => answerOf(api.GET('/api/tasks/{id}', { params: { path: { id } } })),
  });
}

/** Registers a task that runs outside, whose token is shown once. */
export function useRegisterTask() {
  return useChange({
    change: (body: Schema<'TaskBody'>) => answerOf(api.POST('/api/tasks', { body })),
    done: null,
    touches: ['tasks', 'processes'],
    showsProblems: true,
  });
}

export function useRetireTask({ id, name }: Pick<Task, 'id' | 'name'>) {
  return useChange({
    change: () => answerOf(api.DELETE('/api/tasks/{id}', { params: { path: { id } } })),
    done: () => `${name} is taken away: nothing is expected of it, and its tokens open nothing.`,
    touches: ['tasks', 'processes', 'process', 'tokens'],
  });
}

export function useGiveTask(id: string) {
  return useChange({
    change: (owner: string | null) =>
      answerOf(api.PATCH('/api/tasks/{id}', { params: { path: { id } }, body: { owner } })),
    done: ({ name, owner }) => (owner === null ? `Nobody owns ${name}.` : `${name} is ${owner}'s now.`),
    touches: ['tasks', 'processes'],
    showsProblems: true,
  });
}
