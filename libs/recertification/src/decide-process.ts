import { evolve } from './evolve-process';
import {
  openReviewOf,
  type AnswerPolicy,
  type OpenReviewCommand,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessState,
  type Refusal,
  type RefusalReason,
  type RespondCommand,
  type Retired,
  type Review,
} from './process';
import { DAY_MS } from './zoned-time';

/** The events a command leads to (none when it changes nothing), or why it is refused. */
export type Decision = { readonly events: readonly ProcessEvent[] } | { readonly refused: Refusal };

/** The state after a command with the events that led there, or why the command is refused. */
export type Applied =
  { readonly state: ProcessState; readonly events: readonly ProcessEvent[] } | { readonly refused: Refusal };

type Alive = Exclude<ProcessState, Retired>;

/**
 * What follows from a command. A command that is repeated, or that says what is so already, leads to no events;
 * one that must not be is refused with a sentence for the person who gave it.
 */
export function decide(state: ProcessState, command: ProcessCommand, policy: AnswerPolicy): Decision {
  if (command.type === 'respond' && command.standing === 'stranger') return refuse('not-yours');
  if (state.status === 'retired') return decideRetired(state, command);
  switch (command.type) {
    case 'open-review':
      return decideOpenReview(state, command);
    case 'respond':
      return decideRespond(state, command, policy);
    case 'mark-overdue':
      return decideMarkOverdue(state, command.reviewId, command.at);
    case 'change-record':
      return decideChangeRecord(state, command.hash, command.at);
    case 'change-owner':
      return decideChangeOwner(state, command.at);
    case 'retire':
      return { events: [{ type: 'retired', at: command.at }] };
    case 'restore':
      return refuse('not-retired');
  }
}

/** Decides, and carries the events out: `decide` and `evolve` in one. */
export function apply(state: ProcessState, command: ProcessCommand, policy: AnswerPolicy): Applied {
  const decision = decide(state, command, policy);
  if ('refused' in decision) return decision;
  return { events: decision.events, state: decision.events.reduce(evolve, state) };
}

function decideRetired(_state: Retired, command: ProcessCommand): Decision {
  if (command.type === 'restore') return { events: [{ type: 'restored', at: command.at, hash: command.hash }] };
  return command.type === 'retire' ? unchanged : refuse('retired');
}

function decideOpenReview(state: Alive, { reviewId, reason, reminder, at }: OpenReviewCommand): Decision {
  const open = openReviewOf(state);
  if (reviewId === state.closedReviewId) return refuse('review-closed');
  if (!open) {
    // Only one review is open at a time, so whatever was said before the last answer belongs to an older review.
    if (state.certification && at < state.certification.at) return refuse('review-closed');
    return { events: [{ type: 'review-opened', at, reviewId, reason, reminder }] };
  }
  if (open.id !== reviewId) return refuse('another-review-open');
  // Reminders only count up: this one was heard already, or was overtaken on the way.
  if (reminder <= open.reminder) return unchanged;
  return { events: [{ type: 'reminded', at, reviewId, reason, reminder }] };
}

function decideRespond(state: Alive, command: RespondCommand, policy: AnswerPolicy): Decision {
  if (command.reviewId !== null && command.reviewId !== openReviewOf(state)?.id) return refuse('stale-question');
  if (state.status === 'certified') return refuse('nothing-to-answer');
  const { at, by } = command;
  switch (command.answer) {
    case 'correct':
      if (state.status === 'updating' && state.recordHash === state.hashThen) return refuse('record-unchanged');
      return { events: [certified(state, command)] };
    case 'needs-update':
      if (state.status === 'updating') return unchanged;
      return { events: [{ type: 'update-promised', at, by, reviewId: openReviewOf(state)?.id ?? null }] };
    case 'not-mine':
    case 'later':
      if (state.status !== 'due' && state.status !== 'overdue') return refuse('nothing-to-answer');
      return { events: [postponed(state.review, command, policy)] };
  }
}

function certified(state: Alive, { at, by, recordOpened }: RespondCommand): ProcessEvent {
  const reviewId = openReviewOf(state)?.id ?? null;
  return { type: 'certified', at, certification: { at, by, recordHash: state.recordHash, reviewId, recordOpened } };
}

function postponed(review: Review, { at, by, answer }: RespondCommand, { laterDays }: AnswerPolicy): ProcessEvent {
  if (answer === 'not-mine') return { type: 'disowned', at, by, reviewId: review.id };
  return { type: 'snoozed', at, by, reviewId: review.id, until: new Date(at.getTime() + laterDays * DAY_MS) };
}

function decideMarkOverdue(state: Alive, reviewId: string, at: Date): Decision {
  if (openReviewOf(state)?.id !== reviewId) return refuse('review-closed');
  // Who promised an update has answered: the news that nobody did came too late.
  return state.status === 'due' ? { events: [{ type: 'went-overdue', at, reviewId }] } : unchanged;
}

function decideChangeRecord(state: Alive, hash: string, at: Date): Decision {
  if (hash === state.recordHash) return unchanged;
  const changed: ProcessEvent = { type: 'record-changed', at, from: state.recordHash, hash };
  if (state.status === 'certified')
    return { events: [changed, { type: 'review-wanted', at, reason: 'record-edited' }] };
  if (state.status === 'updating' && hash !== state.hashThen) {
    return { events: [changed, { type: 'review-wanted', at, reason: 'record-updated' }] };
  }
  return { events: [changed] };
}

function decideChangeOwner(state: Alive, at: Date): Decision {
  if (state.status === 'uncertified') return unchanged;
  const wanted: ProcessEvent = { type: 'review-wanted', at, reason: 'owner-changed' };
  if (state.status !== 'due' && state.status !== 'overdue') return { events: [wanted] };
  return { events: [{ type: 'reassigned', at, reviewId: state.review.id }, wanted] };
}

const unchanged: Decision = { events: [] };

const messages: Readonly<Record<RefusalReason, string>> = {
  'not-yours':
    'Only the owner, the deputy or an admin can answer for this process: ask an admin if it should be yours.',
  'stale-question': 'This question is no longer open: answer the newest one, or look the process up.',
  'nothing-to-answer': 'Nothing is asked about this process now: ask for a review first, or wait until it is due.',
  'record-unchanged': 'You said that the record needs an update, and it is still the same: change the record first.',
  retired: 'This process is retired because its record is gone: put the record back into the library first.',
  'not-retired': 'This process is not retired, so there is nothing to bring back: report a changed record instead.',
  'review-closed': 'This review is closed already: open a new one to ask again.',
  'another-review-open': 'Another review of this process is open: remind of that one, or wait for its answer.',
};

function refuse(reason: RefusalReason): Decision {
  return { refused: { reason, message: messages[reason] } };
}
