import { Stack, Text } from '@mantine/core';
import { day } from '../shell/moment';
import { type Person } from './people-queries';

const WHY_LOST: Readonly<Record<string, string>> = {
  blocked: 'they blocked the bot',
  deactivated: 'their account is deleted',
};

/** Whether somebody can be asked in Telegram, and if not, why. */
export function TelegramLink({ telegram: { linked, since, lost } }: Pick<Person, 'telegram'>) {
  if (linked) return <Text size="sm">linked{since !== null && ` since ${day(since)}`}</Text>;
  if (lost === null)
    return (
      <Text size="sm" c="dimmed">
        never linked
      </Text>
    );
  return (
    <Stack gap={0}>
      <Text size="sm" c="var(--mantine-color-red-text)">
        lost
      </Text>
      <Text size="xs" c="dimmed">
        {WHY_LOST[lost] ?? lost}
      </Text>
    </Stack>
  );
}
