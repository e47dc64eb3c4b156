import { type BusSwitchView, type BusView, type RefillView } from '@recert/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api } from '../api';
import { type Call, type Command } from '../command';
import { EXIT, type ExitCode, UnreachableError, UsageError } from '../exit-codes';
import { type Printer } from '../printer';

const LOOK_MS = 500;
/** A registry that is being restarted is back by then. */
const AWAY_MS = 60_000;
const WAIT_MINUTES = 10;

export const busCommands: readonly Command[] = [
  { name: 'bus', says: 'Show what carries the events, and every service with it', run: show },
  {
    name: 'bus switch',
    says: 'Move the running installation to another transport, and wait until it is there',
    options: {
      to: { says: 'nats://HOST:PORT without user and password, or postgres', value: 'ADDRESS' },
      abandon: { says: 'give up the one that is under way: all go back' },
      wait: {
        says: `how long to wait for its end, ${WAIT_MINUTES} by default; it goes on without us`,
        value: 'MINUTES',
      },
    },
    run: switchTo,
  },
  {
    name: 'bus replay',
    says: 'Have every service publish again what it has published since an instant, for a store that was wiped',
    options: { since: { says: 'such as 2026-11-26T00:00:00Z', value: 'INSTANT' } },
    run: replay,
  },
];

async function show({ api, print }: Call): Promise<void> {
  const view = await api.get<BusView>('/api/bus');
  print.result(view, () => {
    print.line(`The bus is on ${view.transport}.`);
    const last = view.switch;
    if (last !== null) print.line(lineOf(last));
    for (const { service, transport, phase, backlog, problem } of view.members) {
      const facts = [transport, phase, backlog === null ? null : `${backlog} left on the old transport`, problem];
      print.line(`  ${service}: ${facts.filter((fact) => fact !== null).join(', ')}`);
    }
  });
}

async function switchTo(call: Call): Promise<ExitCode> {
  const { api, print, text, isOn } = call;
  const to = text('to');
  if (isOn('abandon')) {
    if (to !== undefined) throw new UsageError('give --to or --abandon, not both');
    return abandon(call);
  }
  if (to === undefined) throw new UsageError('give --to, such as --to nats://127.0.0.1:4222');
  const minutes = Number(text('wait') ?? WAIT_MINUTES);
  if (!(minutes >= 0)) throw new UsageError(`--wait "${text('wait')}" is no number of minutes`);
  const begun = await api.post<BusView>('/api/bus/switch', { to });
  const last = await follow(api, print, begun, performance.now() + minutes * 60_000);
  print.result(last, () => {
    if (last.phase === 'done') print.line(verdictOf(last));
    else print.complaint(verdictOf(last));
  });
  return last.phase === 'done' ? EXIT.ok : EXIT.refused;
}

async function abandon({ api, print }: Call): Promise<ExitCode> {
  const { switch: last } = await api.delete<BusView>('/api/bus/switch');
  print.result(last, () => print.line(`The bus goes back to ${last!.from}: ${last!.problem}.`));
  return EXIT.ok;
}

/** Tells each phase when it begins. @returns the switch at its end, or when there is no more time */
async function follow(api: Api, print: Printer, begun: BusView, deadline: number): Promise<BusSwitchView> {
  const { generation } = begun.switch!;
  let now = begun.switch!;
  let told = '';
  let heardAt = performance.now();
  for (;;) {
    const line = lineOf(now);
    if (line !== told && !print.json) print.line(line);
    told = line;
    if (now.phase === 'done' || now.phase === 'abandoned' || performance.now() > deadline) return now;
    await sleep(LOOK_MS);
    try {
      const { switch: newest } = await api.get<BusView>('/api/bus');
      // Somebody else's, begun since: ours is over, and how it ended is not known any more.
      if (newest === null || newest.generation !== generation) return now;
      now = newest;
      heardAt = performance.now();
    } catch (error) {
      if (!(error instanceof UnreachableError) || performance.now() - heardAt > AWAY_MS) throw error;
    }
  }
}

const SAYS: Readonly<Record<BusSwitchView['phase'], string>> = {
  asked: 'every service opens the new transport',
  decided: 'every service publishes on the new transport',
  draining: 'the old transport is emptied',
  verifying: 'what was published is compared with what was handled',
  done: 'done',
  abandoned: 'abandoned',
};

function lineOf({ phase, to, waitingFor, problem }: BusSwitchView): string {
  const waiting = waitingFor.length === 0 ? '' : `; waiting for ${waitingFor.join(', ')}`;
  const trouble = problem === null || phase === 'abandoned' ? '' : `; ${problem}`;
  return `Switch to ${to}: ${SAYS[phase]}${phase === 'done' || phase === 'abandoned' ? '' : waiting}${trouble}`;
}

function verdictOf({ phase, from, to, events, problem, waitingFor }: BusSwitchView): string {
  if (phase === 'done')
    return `The bus is on ${to}. Every event that was published before is handled, ${events ?? 0} of the last minutes counted.`;
  if (phase === 'abandoned')
    return `The switch was abandoned, the bus is on ${from}: ${problem ?? 'no reason was given'}`;
  const waiting = waitingFor.length === 0 ? '' : ` It waits for ${waitingFor.join(', ')}.`;
  return `The switch to ${to} has not ended yet (${phase}).${waiting} It goes on by itself: look with recert bus.`;
}

async function replay({ api, print, text }: Call): Promise<ExitCode> {
  const since = text('since');
  if (since === undefined) throw new UsageError('give --since, such as --since 2026-11-26T00:00:00Z');
  const instant = new Date(since);
  if (Number.isNaN(instant.getTime()))
    throw new UsageError(`--since "${since}" is no instant: write 2026-11-26T00:00:00Z`);
  const view = await api.post<RefillView>('/api/bus/replay', { since: instant.toISOString() });
  const { events, services, missing } = view;
  print.result(view, () => {
    for (const each of services) print.line(`  ${each.service}: ${each.events}`);
    print.line(`${events} events are published again; what was handled is not handled twice.`);
    if (missing.length > 0)
      print.complaint(`No answer yet from ${missing.join(', ')}: they do so when they are there.`);
  });
  return missing.length === 0 ? EXIT.ok : EXIT.refused;
}
