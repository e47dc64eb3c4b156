import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { useChange } from '../api/use-change';

export type Subscription = Schema<'SubscriptionView'>;

const PAGE = 50;

export function useSubscriptions() {
  return usePages(['subscriptions', 'list'], () => answerOf(api.GET('/api/subscriptions')));
}

/** The newest of what was or will be sent there. */
export function useSubscriptionDeliveries(id: string) {
  return usePages(['subscriptions', id, 'deliveries'], (begin) =>
    answerOf(
      api.GET('/api/subscriptions/{id}/deliveries', { params: { path: { id }, query: { limit: PAGE, ...begin } } }),
    ),
  );
}

/** Makes a subscription, whose secret is shown once. */
export function useSubscribe() {
  return useChange({
    change: (body: Schema<'SubscriptionBody'>) => answerOf(api.POST('/api/subscriptions', { body })),
    done: null,
    touches: ['subscriptions'],
    showsProblems: true,
  });
}

export function useSwitchSubscription(id: string) {
  return useChange({
    change: (active: boolean) =>
      answerOf(api.PATCH('/api/subscriptions/{id}', { params: { path: { id } }, body: { active } })),
    done: ({ name }, active) =>
      active ? `${name} is sent what waits, and all that comes.` : `${name} is sent nothing now.`,
    touches: ['subscriptions'],
  });
}

export function useTestSubscription(id: string) {
  return useChange({
    change: () => answerOf(api.POST('/api/subscriptions/{id}/test', { params: { path: { id } } })),
    done: () => 'A test is on the way: what became of it stands among what was sent.',
    touches: ['subscriptions'],
  });
}

export function useEndSubscription({ id, name }: Subscription) {
  return useChange({
    change: () => answerOf(api.DELETE('/api/subscriptions/{id}', { params: { path: { id } } })),
    done: () => `${name} is ended: nothing is sent there any more.`,
    touches: ['subscriptions'],
  });
}

/** Another secret; the old one signs besides for a day. */
export function useRotateSecret(id: string) {
  return useChange({
    change: () => answerOf(api.POST('/api/subscriptions/{id}/secret', { params: { path: { id } } })),
    done: null,
    touches: ['subscriptions'],
  });
}

export function useResendDelivery(id: string) {
  return useChange({
    change: (delivery: string) =>
      answerOf(
        api.POST('/api/subscriptions/{id}/deliveries/{delivery}/resend', { params: { path: { id, delivery } } }),
      ),
    done: () => 'It is sent again.',
    touches: ['subscriptions'],
  });
}
