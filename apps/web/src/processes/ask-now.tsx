import { Button } from '@mantine/core';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';

export function AskNow({ id }: { readonly id: string }) {
  const asking = useChange({
    change: () =>
      answerOf(api.POST('/api/processes/{id}/ask', { params: { path: { id } }, body: { reason: 'asked' } })),
    done: () => 'The owner is asked now.',
    touches: ['process', 'processes', 'inbox'],
  });
  return (
    <Button variant="default" loading={asking.isPending} onClick={() => asking.mutate(undefined)}>
      Ask now
    </Button>
  );
}
