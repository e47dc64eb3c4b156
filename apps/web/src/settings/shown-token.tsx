import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { CopyField } from '../shell/copy-field';
import { exampleOf } from './curl';

interface Props {
  readonly made: { readonly token: string; readonly scopes: readonly string[] };
  readonly close: () => void;
}

/** A token that was just made, and how to use it. */
export function ShownToken({ made: { token, scopes }, close }: Props) {
  const example = exampleOf(scopes, window.location.origin, token);
  return (
    <Stack>
      <Alert color="yellow" icon={<IconKey aria-hidden />} title="Copy it now">
        It is shown this once: only a trace of it is kept, by which it is known again.
      </Alert>
      <CopyField label="Token" text={token} />
      {example !== null && <CopyField label="Try it in a shell" text={example} />}
      <Group justify="flex-end">
        <Button onClick={close}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
