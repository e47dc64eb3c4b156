import { type FallbackMessageView, type FallbackTestView, type FallbackView } from '@recert/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api } from '../api';
import { type Call, type Command } from '../command';
import { EXIT, type ExitCode } from '../exit-codes';

const LOOK_MS = 200;
/** Longer than a way takes that does not answer. */
const PATIENCE_MS = 35_000;

export const fallbackCommands: readonly Command[] = [
  { name: 'fallback', says: 'Show what is told besides Telegram while it is away', run: show },
  {
    name: 'fallback test',
    says: 'Send a test on every way of the fallback, and wait for what becomes of it',
    run: test,
  },
];

async function show({ api, print }: Call): Promise<void> {
  const view = await api.get<FallbackView>('/api/fallback');
  print.result(view, ({ ways, since, messages }) => {
    print.line(ways.length === 0 ? 'No fallback is set.' : `The fallback is ${ways.join(' and ')}.`);
    if (since !== null) print.line(`Telegram has been unreachable since ${since}: the fallback speaks.`);
    for (const message of messages) print.line(`  ${message.createdAt}  ${lineOf(message)}`);
  });
}

async function test({ api, print }: Call): Promise<ExitCode> {
  const { messages: ids } = await api.post<FallbackTestView>('/api/fallback/test');
  const outcome = await settled(api, ids);
  const isWell = outcome.length === ids.length && outcome.every(({ state }) => state === 'sent');
  print.result(outcome, () => {
    for (const message of outcome) {
      if (message.state === 'sent') print.line(`${message.way}: sent. Look whether it has arrived.`);
      else print.complaint(lineOf(message));
    }
  });
  return isWell ? EXIT.ok : EXIT.refused;
}

/** Waits until each was sent or has failed once: the service goes on trying by itself. */
async function settled(api: Api, ids: readonly number[]): Promise<FallbackMessageView[]> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { messages } = await api.get<FallbackView>('/api/fallback');
    const ours = messages.filter(({ id }) => ids.includes(id)).sort((a, b) => a.id - b.id);
    const isOver = ours.every(({ state, error }) => state === 'sent' || error !== null);
    if (isOver || performance.now() > deadline) return ours;
    await sleep(LOOK_MS);
  }
}

function lineOf({ way, kind, state, error }: FallbackMessageView): string {
  return `${way}: ${kind} ${state}${error === null ? '' : `, ${error}`}`;
}
