import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';
import { type Product } from './product-queries';

function useActivation({ id }: Product) {
  return useChange({
    change: (active: boolean) =>
      answerOf(api.PATCH('/api/products/{id}', { params: { path: { id } }, body: { active } })),
    done: ({ name, active }) =>
      active
        ? `“${name}” is active. Make a token: those of before do not work any more.`
        : `“${name}” is not active any more.`,
    touches: ['products', 'processes', 'process'],
  });
}

/** Ends a product, and takes it up again. */
export function ActivateProduct({ product }: { readonly product: Product }) {
  const [opened, { open, close }] = useDisclosure();
  const activation = useActivation(product);
  if (!product.active) {
    return (
      <Button variant="default" loading={activation.isPending} onClick={() => activation.mutate(true)}>
        Activate
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        Deactivate
      </Button>
      <Modal opened={opened} onClose={close} title={`Deactivate “${product.name}”?`}>
        <Stack>
          <Text size="sm">
            Its tokens stop working, nothing is expected of it any more, and its own processes are retired. What it has
            reported stays; it can be activated again.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              color="red"
              loading={activation.isPending}
              onClick={() => activation.mutate(false, { onSuccess: close })}
            >
              Deactivate
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
