import { type RouteObject } from 'react-router';
import { Component as Flows } from '../flows/flows-page';
import { Component as Letters } from '../letters/letters-page';
import { Component as Releases } from '../releases/releases-page';
import { Component as Run } from '../runs/run-page';
import { Component as Runs } from '../runs/runs-page';
import { Component as Subscriptions } from '../subscriptions/subscriptions-page';
import { Component as Task } from '../tasks/task-page';
import { Component as Tasks } from '../tasks/tasks-page';

/** The pages of the hub come together: whoever opens one opens the others. */
const PAGES: Readonly<Record<string, NonNullable<RouteObject['Component']>>> = {
  flows: Flows,
  tasks: Tasks,
  'tasks/:id': Task,
  runs: Runs,
  'runs/:id': Run,
  releases: Releases,
  'dead-letters': Letters,
  subscriptions: Subscriptions,
};

export function hubPage(path: string): { Component: NonNullable<RouteObject['Component']> } {
  return { Component: PAGES[path]! };
}
