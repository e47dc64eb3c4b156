import { Button } from '@mantine/core';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';

/** Whoever hears of this product's alerts hears of this one. */
export function SendTestAlert({ product }: { readonly product: string }) {
  const testing = useChange({
    change: () => answerOf(api.POST('/api/alerts/test', { body: { product } })),
    done: ({ title }) => `“${title}” was raised and is over: its message is on the way to the chats.`,
    touches: ['alerts', 'messages'],
  });
  return (
    <Button variant="default" size="compact-sm" loading={testing.isPending} onClick={() => testing.mutate(undefined)}>
      Send a test
    </Button>
  );
}
