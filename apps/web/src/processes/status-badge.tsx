import { Badge, Group } from '@mantine/core';
import { type Schema } from '../api/client';

type Status = Schema<'ProcessView'>['status'];

const COLOURS: Readonly<Record<Status, string>> = {
  uncertified: 'gray',
  due: 'yellow',
  updating: 'blue',
  overdue: 'red',
  certified: 'teal',
  retired: 'dark',
};

/** The status of a process, and what is missing of it. */
export function StatusBadge({
  process,
}: {
  readonly process: Pick<Schema<'ProcessView'>, 'status' | 'documented' | 'owner'>;
}) {
  const { status, documented, owner } = process;
  return (
    <Group gap={4} wrap="nowrap">
      {documented && (
        <Badge size="sm" color={COLOURS[status]} variant="light" autoContrast>
          {status}
        </Badge>
      )}
      {!documented && (
        <Badge size="sm" color="orange" variant="outline">
          undocumented
        </Badge>
      )}
      {owner === null && (
        <Badge size="sm" color="red" variant="outline">
          no owner
        </Badge>
      )}
    </Group>
  );
}
