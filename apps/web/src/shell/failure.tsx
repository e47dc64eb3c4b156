import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

interface Props {
  readonly error: Error;
  /** Tries it again. */
  readonly again: () => unknown;
}

/** What could not be shown, why, and what to do. */
export function Failure({ error, again }: Props) {
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="This cannot be shown now" role="alert">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{error.message}</Text>
        <Button size="xs" variant="light" color="red" onClick={() => void again()}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
