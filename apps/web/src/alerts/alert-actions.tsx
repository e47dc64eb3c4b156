import { Button, Group, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';
import { type Alert } from './alert-queries';

type Action =
  | { readonly type: 'acknowledge' }
  | { readonly type: 'resolve' }
  | { readonly type: 'snooze'; readonly hours?: number };

const SNOOZES: readonly { readonly label: string; readonly hours?: number }[] = [
  { label: '1 hour', hours: 1 },
  { label: '4 hours', hours: 4 },
  { label: 'Until it recovers' },
];

const DONE: Readonly<Record<Action['type'], string>> = {
  acknowledge: 'is yours now: it is not said again.',
  snooze: 'is snoozed.',
  resolve: 'is over.',
};

function useAction({ id, title }: Alert) {
  const path = { params: { path: { id } } };
  return useChange({
    change: (action: Action) => {
      if (action.type === 'acknowledge') return answerOf(api.POST('/api/alerts/{id}/acknowledge', path));
      if (action.type === 'resolve') return answerOf(api.POST('/api/alerts/{id}/resolve', path));
      const body = action.hours === undefined ? {} : { hours: action.hours };
      return answerOf(api.POST('/api/alerts/{id}/snooze', { ...path, body }));
    },
    done: (_, { type }) => `“${title}” ${DONE[type]}`,
    touches: ['alerts', 'messages'],
  });
}

/** What somebody can do about an open alert. */
export function AlertActions({ alert }: { readonly alert: Alert }) {
  const action = useAction(alert);
  const isDoing = (type: Action['type']): boolean => action.isPending && action.variables.type === type;
  return (
    <Group gap="xs">
      {alert.status !== 'acknowledged' && (
        <Button
          size="compact-sm"
          variant="light"
          loading={isDoing('acknowledge')}
          disabled={action.isPending}
          onClick={() => action.mutate({ type: 'acknowledge' })}
        >
          Acknowledge
        </Button>
      )}
      <Menu withinPortal position="bottom-start">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            loading={isDoing('snooze')}
            disabled={action.isPending}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Snooze
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {SNOOZES.map(({ label, ...how }) => (
            <Menu.Item key={label} onClick={() => action.mutate({ type: 'snooze', ...how })}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="compact-sm"
        variant="default"
        loading={isDoing('resolve')}
        disabled={action.isPending}
        onClick={() => action.mutate({ type: 'resolve' })}
      >
        Resolve
      </Button>
    </Group>
  );
}
