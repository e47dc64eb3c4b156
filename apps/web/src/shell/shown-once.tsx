import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type ReactNode } from 'react';

interface Props {
  /** Why it is shown this once. */
  readonly says: string;
  readonly close: () => void;
  /** The secret, and how to use it. */
  readonly children: ReactNode;
}

/** A secret that nobody can see again. */
export function ShownOnce({ says, close, children }: Props) {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconKey aria-hidden />} title="Copy it now">
        {says}
      </Alert>
      {children}
      <Group justify="flex-end">
        <Button onClick={close}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
