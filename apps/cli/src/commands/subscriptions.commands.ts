import { type SubscriptionDeliveryView, type SubscriptionView } from '@recert/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api } from '../api';
import { type Call, type Command } from '../command';
import { EXIT, type ExitCode, UsageError } from '../exit-codes';

const LOOK_MS = 500;
/** An answer may take 15 s, and others may be on their way to the same address. */
const WAIT_SECONDS = 30;

export const subscriptionCommands: readonly Command[] = [
  { name: 'subscriptions', says: 'List the outside addresses that events are sent to', run: list },
  {
    name: 'subscription test',
    says: 'Send a test message to an address, and wait for what it answers',
    args: ['ID'],
    options: { wait: { value: 'SECONDS', says: `how long to wait for the answer, ${WAIT_SECONDS} by default` } },
    run: test,
  },
  {
    name: 'subscription enable',
    says: 'Take up an address that was disabled or switched off, and send it what waits',
    args: ['ID'],
    run: enable,
  },
];

async function list({ api, print }: Call): Promise<void> {
  print.table(
    await api.all<SubscriptionView>('/api/subscriptions'),
    {
      ID: ({ id }) => id,
      NAME: ({ name }) => name,
      URL: ({ url }) => withoutPassword(url),
      SUBJECTS: ({ subjects }) => subjects.join(', '),
      STATE: ({ state }) => state,
      WAITING: ({ waiting }) => waiting,
      'FAILING SINCE': ({ failingSince }) => failingSince,
      'LAST ERROR': ({ lastError }) => lastError?.error ?? null,
    },
    'There are no subscriptions.',
  );
}

async function test({ api, print, args, text }: Call): Promise<ExitCode> {
  const seconds = Number(text('wait') ?? WAIT_SECONDS);
  if (!(seconds >= 0)) throw new UsageError(`--wait "${text('wait')}" is no number of seconds`);
  const path = pathOf(args[0]!);
  const { delivery: id } = await api.post<{ delivery: string }>(`${path}/test`);
  const delivery = await outcomeOf(api, `${path}/deliveries`, id, performance.now() + seconds * 1000);
  print.result(delivery ?? { id }, () => {
    if (delivery === null) print.complaint(`There is no answer yet; the delivery is ${id}.`);
    else if (delivery.state === 'sent') print.line(`It arrived, and was answered with ${delivery.status}.`);
    else print.complaint(`It did not arrive: ${delivery.error ?? 'no reason was given'}`);
  });
  return delivery?.state === 'sent' ? EXIT.ok : EXIT.refused;
}

/** @returns the delivery after its first attempt; null when there was none before the deadline */
async function outcomeOf(
  api: Api,
  path: string,
  id: string,
  deadline: number,
): Promise<SubscriptionDeliveryView | null> {
  for (;;) {
    const { items } = await api.get<{ items: readonly SubscriptionDeliveryView[] }>(path);
    const found = items.find((delivery) => delivery.id === id);
    if (found !== undefined && found.state !== 'sending' && found.attempts > 0) return found;
    if (performance.now() > deadline) return null;
    await sleep(LOOK_MS);
  }
}

async function enable({ api, print, args }: Call): Promise<void> {
  const subscription = await api.patch<SubscriptionView>(pathOf(args[0]!), { active: true });
  print.result(subscription, ({ name, waiting }) => print.line(`${name} is active; ${waiting} wait to be sent.`));
}

function pathOf(id: string): string {
  return `/api/subscriptions/${encodeURIComponent(id)}`;
}

/** An address may carry the receiver's password. */
function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/i, '$1');
}
