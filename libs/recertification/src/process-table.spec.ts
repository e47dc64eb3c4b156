import fc from 'fast-check';
import { apply, decide } from './decide-process';
import {
  openReviewOf,
  registered,
  transitions,
  type ProcessCommand,
  type ProcessState,
  type ProcessStatus,
} from './process';

const statuses = Object.keys(transitions) as ProcessStatus[];
const start = Date.UTC(2026, 0, 1);

const at = fc.integer({ min: 0, max: 400 }).map((hours) => new Date(start + hours * 3_600_000));
const reviewId = fc.constantFrom('r1', 'r2', 'r3');
const hash = fc.constantFrom('h1', 'h2', 'h3');
const reason = fc.constantFrom('first-review', 'period-over', 'asked', 'record-updated', 'not-updated');

const commands: fc.Arbitrary<ProcessCommand> = fc.oneof(
  fc.record({ type: fc.constant('open-review'), at, reviewId, reason, reminder: fc.nat({ max: 3 }) }),
  fc.record({
    type: fc.constant('respond'),
    at,
    reviewId: fc.option(reviewId),
    answer: fc.constantFrom('correct', 'needs-update', 'not-mine', 'later'),
    by: fc.constantFrom('ann', 'bob'),
    standing: fc.constantFrom('owner', 'deputy', 'admin', 'stranger'),
    recordOpened: fc.option(fc.boolean()),
  }),
  fc.record({ type: fc.constant('mark-overdue'), at, reviewId }),
  fc.record({ type: fc.constant('change-record'), at, hash }),
  fc.record({ type: fc.constant('change-owner'), at }),
  fc.record({ type: fc.constant('retire'), at }),
  fc.record({ type: fc.constant('restore'), at, hash }),
);
const hundred = fc.array(commands, { maxLength: 100, size: 'max' });
const policy = { laterDays: 3 };

/** Follows the commands, in the order of their times or not, and shows every step to `see`. */
const follow = (
  list: readonly ProcessCommand[],
  see: (before: ProcessState, command: ProcessCommand, after: ProcessState) => void,
): ProcessState =>
  list.reduce(
    (before, command) => {
      const result = apply(before, command, policy);
      const after = 'refused' in result ? before : result.state;
      see(before, command, after);
      return after;
    },
    registered({ recordHash: 'h1' }),
  );

const mayFollow = (from: ProcessStatus, to: ProcessStatus): boolean =>
  from === to || (transitions[from] as readonly ProcessStatus[]).includes(to);

/** States by what `decide` can tell apart, found by following all commands from the first state to wherever they lead. */
const reachable = (): ProcessState[] => {
  const times = [0, 10].map((day) => new Date(start + day * 86_400_000));
  const list: ProcessCommand[] = times.flatMap((when): ProcessCommand[] => [
    ...['r1', 'r2'].flatMap((id) =>
      [0, 1].map((reminder): ProcessCommand => ({
        type: 'open-review',
        at: when,
        reviewId: id,
        reason: 'asked',
        reminder,
      })),
    ),
    ...(['correct', 'needs-update', 'not-mine', 'later'] as const).flatMap((answer) =>
      ['r1', 'r2', null].map((id): ProcessCommand => ({
        type: 'respond',
        at: when,
        reviewId: id,
        answer,
        by: 'ann',
        standing: 'owner',
        recordOpened: null,
      })),
    ),
    { type: 'mark-overdue', at: when, reviewId: 'r1' },
    { type: 'change-record', at: when, hash: 'h1' },
    { type: 'change-record', at: when, hash: 'h2' },
    { type: 'change-owner', at: when },
    { type: 'retire', at: when },
    { type: 'restore', at: when, hash: 'h1' },
  ]);
  const found = new Map<string, ProcessState>();
  const queue: ProcessState[] = [registered({ recordHash: 'h1' })];
  for (let state = queue.pop(); state; state = queue.pop()) {
    const key = JSON.stringify(state);
    if (found.has(key)) continue;
    found.set(key, state);
    for (const command of list) {
      const result = apply(state, command, policy);
      if ('refused' in result) continue;
      moves.add(`${state.status} > ${result.state.status}`);
      queue.push(result.state);
    }
  }
  return [...found.values()];
};
const moves = new Set<string>();

describe('the table of transitions', () => {
  const all = reachable();

  it('knows every state that can be reached, and every state it knows can be reached', () => {
    expect(new Set(all.map((state) => state.status))).toEqual(new Set(statuses));
  });

  it('is followed by every command in every state at every time, and has no transition that never happens', () => {
    const inTable = statuses.flatMap((from) => transitions[from].map((to) => `${from} > ${to}`));
    const changes = [...moves].filter((move) => new Set(move.split(' > ')).size === 2);
    expect(changes.sort()).toEqual(inTable.sort());
  });

  it('is followed by any hundred commands in any order', () => {
    fc.assert(
      fc.property(hundred, (list) => {
        follow(list, (before, command, after) => {
          if (!mayFollow(before.status, after.status))
            throw new Error(`${before.status} > ${after.status} by ${command.type}`);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('any commands in any order', () => {
  it('never make "yes" a certification before the record is another', () => {
    fc.assert(
      fc.property(hundred, (list) => {
        follow(list, (before, _command, after) => {
          if (before.status !== 'updating' || after.status !== 'certified') return;
          expect(after.recordHash).not.toBe(before.hashThen);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('never change anything for a stranger, nor anything but the status of a retired process', () => {
    fc.assert(
      fc.property(hundred, (list) => {
        follow(list, (before, command, after) => {
          if (command.type === 'respond' && command.standing === 'stranger') expect(after).toBe(before);
          if (before.status === 'retired' && command.type !== 'restore') expect(after).toEqual(before);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('never open a review that was closed last, and never two at once', () => {
    fc.assert(
      fc.property(hundred, (list) => {
        follow(list, (before, _command, after) => {
          const [was, is] = [openReviewOf(before), openReviewOf(after)];
          if (is) expect(is.id).not.toBe(after.closedReviewId);
          if (was && is) expect(is.id).toBe(was.id);
          if (was && !is) expect(after.closedReviewId).toBe(was.id);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('change nothing when the very same command is repeated at once', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40, size: 'max' }), commands, (list, last) => {
        const once = follow([...list, last], () => undefined);
        expect(follow([...list, last, last], () => undefined)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('are never refused without a sentence that says what to do', () => {
    fc.assert(
      fc.property(hundred, (list) => {
        follow(list, (before, command) => {
          const decision = decide(before, command, policy);
          if ('refused' in decision) expect(decision.refused.message).toMatch(/^[A-Z].*: [a-z].*\.$/);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('leave the state they were given untouched', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 30 }), commands, (list, command) => {
        const state = follow(list, () => undefined);
        const before = JSON.stringify(state);
        apply(state, command, policy);
        expect(JSON.stringify(state)).toBe(before);
      }),
    );
  });
});
