import { Button, Modal, Stack, Text } from '@mantine/core';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';
import { CopyField } from '../shell/copy-field';

/** One more token, shown once. Those that there are go on working, so that one can be put in the place of another. */
export function AnotherToken({ id }: { readonly id: string }) {
  const making = useChange({
    change: () => answerOf(api.POST('/api/products/{id}/tokens', { params: { path: { id } } })),
    done: null,
    touches: ['tokens'],
  });
  return (
    <>
      <Button variant="default" size="compact-sm" loading={making.isPending} onClick={() => making.mutate(undefined)}>
        Make another token
      </Button>
      <Modal
        opened={making.data !== undefined}
        onClose={making.reset}
        title={`A token of ${id}`}
        closeOnClickOutside={false}
      >
        <Stack>
          <Text size="sm">
            It is shown now and never again. The tokens of before go on working until they are revoked in the settings.
          </Text>
          <CopyField label="Token" text={making.data?.token ?? ''} />
        </Stack>
      </Modal>
    </>
  );
}
