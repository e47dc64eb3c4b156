import { Button, Group, Modal, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { answerOf, api, ProblemError } from '../api/client';
import { useChange } from '../api/use-change';
import { focusFirstProblem, ProblemText } from './problem-text';
import { draftOf, isComplete, patchOf } from './product-draft';
import { ProductForm } from './product-form';
import { type Product } from './product-queries';

/** Another name, owner, address or week. */
export function EditProduct({ product }: { readonly product: Product }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        Edit
      </Button>
      <Modal opened={opened} onClose={close} title={`Edit “${product.name}”`} size="lg" closeOnClickOutside={false}>
        <Form product={product} close={close} />
      </Modal>
    </>
  );
}

function Form({ product, close }: { readonly product: Product; readonly close: () => void }) {
  // What others change meanwhile is not undone by what is left as it was here.
  const [before] = useState(() => draftOf(product));
  const [draft, setDraft] = useState(before);
  const patch = patchOf(before, draft);
  const editing = useChange<void, Product>({
    change: () => answerOf(api.PATCH('/api/products/{id}', { params: { path: { id: product.id } }, body: patch })),
    done: ({ name }) => `“${name}” is changed.`,
    touches: ['products', 'processes', 'process'],
    showsProblems: true,
  });
  const problems = editing.error instanceof ProblemError ? editing.error.fields : {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        editing.mutate(undefined, { onSuccess: close, onError: () => focusFirstProblem(form) });
      }}
    >
      <Stack>
        <ProductForm draft={draft} change={(changes) => setDraft({ ...draft, ...changes })} problems={problems} />
        <ProblemText error={editing.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={Object.keys(patch).length === 0 || !isComplete(draft)}
            loading={editing.isPending}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
