import { Badge } from '@mantine/core';
import { type Task } from './task-queries';

const STATES: Readonly<Record<Task['state'], { readonly color: string; readonly text: string }>> = {
  new: { color: 'gray', text: 'not heard of yet' },
  up: { color: 'teal', text: 'up' },
  running: { color: 'blue', text: 'running' },
  late: { color: 'yellow', text: 'late' },
  down: { color: 'red', text: 'down' },
  off: { color: 'gray', text: 'taken away' },
};

/** How a task does. */
export function TaskBadge({ task: { state, service, lastHeardAt } }: { readonly task: Task }) {
  const { color, text } = STATES[state];
  // What a service runs itself does not report: its runs say how it does.
  if (state === 'new' && service !== 'outside' && lastHeardAt === null) return null;
  return (
    <Badge size="sm" variant="light" color={color}>
      {text}
    </Badge>
  );
}
