import { Badge } from '@mantine/core';
import { type Run } from './run-queries';

const STATES: Readonly<Record<Run['state'], { readonly color: string; readonly text: string }>> = {
  done: { color: 'teal', text: 'done' },
  retrying: { color: 'yellow', text: 'tried again' },
  failed: { color: 'red', text: 'failed' },
};

/** How far a run or a step has come. */
export function RunBadge({ state }: Pick<Run, 'state'>) {
  const { color, text } = STATES[state];
  return (
    <Badge size="sm" variant="light" color={color}>
      {text}
    </Badge>
  );
}
