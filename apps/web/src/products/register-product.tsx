import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router';
import { answerOf, api, ProblemError, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { CopyField } from '../shell/copy-field';
import { bodyOf, EMPTY, isComplete } from './product-draft';
import { ProductForm } from './product-form';
import { focusFirstProblem, ProblemText } from './problem-text';

type Created = Schema<'ProductCreated'>;

/** A new product; its token is shown once. */
export function RegisterProduct() {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button onClick={open}>Register a product</Button>
      <Modal opened={opened} onClose={close} title="Register a product" size="lg" closeOnClickOutside={false}>
        <Steps close={close} />
      </Modal>
    </>
  );
}

function Steps({ close }: { readonly close: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const [id, setId] = useState('');
  const registering = useChange<void, Created>({
    change: () => {
      const body = { ...bodyOf(draft), ...(id.trim() === '' ? {} : { id: id.trim() }) };
      return answerOf(api.POST('/api/products', { body }));
    },
    done: null,
    touches: ['products', 'processes'],
    showsProblems: true,
  });
  if (registering.data !== undefined) return <Registered product={registering.data} close={close} />;
  const problems = registering.error instanceof ProblemError ? registering.error.fields : {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        registering.mutate(undefined, { onError: () => focusFirstProblem(form) });
      }}
    >
      <Stack>
        <ProductForm draft={draft} change={(changes) => setDraft({ ...draft, ...changes })} problems={problems} />
        <TextInput
          label="Id"
          description="Stands in the address of its webhook, and stays for ever; made of the name where it is left empty."
          value={id}
          error={problems['id']}
          onChange={({ currentTarget: { value } }) => setId(value)}
        />
        <ProblemText error={registering.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={!isComplete(draft)} loading={registering.isPending}>
            Register
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Registered({ product, close }: { readonly product: Created; readonly close: () => void }) {
  return (
    <Stack>
      <Text>“{product.name}” is registered. This is its token: it is shown now and never again.</Text>
      <CopyField label="Token" text={product.token} />
      <Group justify="flex-end">
        <Button component={Link} to={`/products/${product.id}`} onClick={close}>
          Connect it
        </Button>
      </Group>
    </Stack>
  );
}
