/** Commands, and the states they lead to, for the specs of a process. */
import { apply } from './decide-process';
import {
  registered,
  type Answer,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessState,
  type RefusalReason,
  type ReviewReason,
  type Standing,
} from './process';

export const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1 + n));
export const policy = { laterDays: 3 };

export const ask = (
  n: number,
  reminder = 0,
  reviewId = 'r1',
  reason: ReviewReason = 'period-over',
): ProcessCommand => ({
  type: 'open-review',
  at: day(n),
  reviewId,
  reason,
  reminder,
});
export const answer = (
  n: number,
  what: Answer,
  reviewId: string | null = 'r1',
  standing: Standing = 'owner',
): ProcessCommand => ({
  type: 'respond',
  at: day(n),
  reviewId,
  answer: what,
  by: 'ann',
  standing,
  recordOpened: true,
});
export const markOverdue = (n: number, reviewId = 'r1'): ProcessCommand => ({
  type: 'mark-overdue',
  at: day(n),
  reviewId,
});
export const edit = (n: number, hash: string): ProcessCommand => ({ type: 'change-record', at: day(n), hash });
export const changeOwner = (n: number): ProcessCommand => ({ type: 'change-owner', at: day(n) });
export const retire = (n: number): ProcessCommand => ({ type: 'retire', at: day(n) });
export const restore = (n: number, hash: string): ProcessCommand => ({ type: 'restore', at: day(n), hash });

/** The state after all these commands, none of which may be refused. */
export const after = (...commands: ProcessCommand[]): ProcessState =>
  commands.reduce(
    (state, command) => {
      const result = apply(state, command, policy);
      if ('refused' in result) throw new Error(`${command.type}: ${result.refused.reason}`);
      return result.state;
    },
    registered({ recordHash: 'h1' }),
  );

export const eventsOf = (state: ProcessState, command: ProcessCommand): readonly ProcessEvent[] => {
  const result = apply(state, command, policy);
  if ('refused' in result) throw new Error(result.refused.reason);
  return result.events;
};
export const refusalOf = (state: ProcessState, command: ProcessCommand): RefusalReason | null => {
  const result = apply(state, command, policy);
  return 'refused' in result ? result.refused.reason : null;
};

export const uncertified = after();
export const due = after(ask(0));
export const updating = after(ask(0), answer(1, 'needs-update'));
export const updatingUnasked = after(answer(1, 'needs-update', null));
export const overdue = after(ask(0), markOverdue(14));
export const certified = after(ask(0), answer(1, 'correct'));
export const retired = after(ask(0), retire(1));
