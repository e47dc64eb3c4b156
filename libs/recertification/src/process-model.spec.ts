/**
 * The life of a process against a much simpler statement of its rules: a few facts, and what follows from them. It does
 * not know the table of transitions, and the code does not know it.
 */
import fc from 'fast-check';
import { apply } from './decide-process';
import { evolve } from './evolve-process';
import { openReviewOf, registered, type ProcessCommand, type ProcessState, type ProcessStatus } from './process';
import { DAY_MS } from './zoned-time';

const START = Date.UTC(2026, 0, 1);
const policy = { laterDays: 3 };
const at = (hour: number): Date => new Date(START + hour * 3_600_000);

/** What is known of a process to somebody who has only listened. */
class Facts {
  hash = 'h1';
  isGone = false;
  /** The question that waits for an answer. */
  asked: { id: string; reminder: number } | null = null;
  isLate = false;
  /** The record of which somebody said that it needs an update. */
  promised: string | null = null;
  /** The last "it is correct" that was taken, and whether it still stands. */
  yes: { at: Date; by: string; hash: string } | null = null;
  stands = false;
  lastAnswered: string | null = null;

  get status(): ProcessStatus {
    if (this.isGone) return 'retired';
    if (this.promised !== null) return 'updating';
    if (this.asked !== null) return this.isLate ? 'overdue' : 'due';
    return this.stands ? 'certified' : 'uncertified';
  }

  /** @returns whether it is taken; what is taken and already so changes nothing */
  hear(command: ProcessCommand): boolean {
    if (command.type === 'respond') return this.answer(command);
    if (command.type === 'restore') return this.isGone && this.comeBack(command.hash);
    if (this.isGone) return command.type === 'retire';
    switch (command.type) {
      case 'open-review':
        return this.ask(command);
      case 'mark-overdue':
        if (this.asked?.id !== command.reviewId) return false;
        if (this.promised === null) this.isLate = true;
        return true;
      case 'change-record':
        this.hash = command.hash;
        return true;
      case 'change-owner':
        return true;
      case 'retire':
        this.close();
        this.isGone = true;
        return true;
    }
  }

  private ask({ reviewId: id, reminder, at: when }: ProcessCommand & { type: 'open-review' }): boolean {
    if (id === this.lastAnswered) return false;
    if (this.asked !== null && this.asked.id !== id) return false;
    if (this.asked !== null) {
      if (reminder > this.asked.reminder) [this.asked.reminder, this.promised] = [reminder, null];
      return true;
    }
    if (this.yes !== null && when < this.yes.at) return false;
    [this.asked, this.isLate, this.promised, this.stands] = [{ id, reminder }, false, null, false];
    return true;
  }

  private answer({ reviewId, answer, by, at: when, standing }: ProcessCommand & { type: 'respond' }): boolean {
    if (standing === 'stranger' || this.isGone || this.stands) return false;
    if (reviewId !== null && reviewId !== this.asked?.id) return false;
    if (answer === 'later' || answer === 'not-mine') return this.asked !== null && this.promised === null;
    if (answer === 'needs-update') {
      [this.promised, this.isLate] = [this.promised ?? this.hash, false];
      return true;
    }
    if (this.promised === this.hash) return false;
    this.close();
    [this.yes, this.stands] = [{ at: when, by, hash: this.hash }, true];
    return true;
  }

  private close(): void {
    this.lastAnswered = this.asked?.id ?? this.lastAnswered;
    [this.asked, this.isLate, this.promised, this.stands] = [null, false, null, false];
  }

  private comeBack(hash: string): boolean {
    [this.isGone, this.hash, this.yes] = [false, hash, null];
    return true;
  }
}

interface Real {
  state: ProcessState;
}

/** One command, delivered as often as a bus may deliver it. */
class Delivered implements fc.Command<Facts, Real> {
  constructor(
    private readonly command: ProcessCommand,
    private readonly times: number,
  ) {}

  check(): boolean {
    return true;
  }

  run(facts: Facts, real: Real): void {
    const before = real.state;
    const isTaken = facts.hear(this.command);
    const applied = apply(before, this.command, policy);
    must(isTaken === !('refused' in applied), `${isTaken ? 'taken' : 'refused'}, it is ${JSON.stringify(applied)}`);
    if ('refused' in applied) return;
    must(isSame(applied.events.reduce(evolve, before), applied.state), 'told by its events alone');
    expectSame(facts, applied.state);
    expectAllowed(before, this.command, applied.state);
    real.state = applied.state;
    for (let time = 1; time < this.times; time += 1) this.repeat(real);
  }

  toString(): string {
    return `${JSON.stringify(this.command)} x ${this.times}`;
  }

  private repeat(real: Real): void {
    const again = apply(real.state, this.command, policy);
    must('refused' in again || isSame(again.state, real.state), 'the same after a repeat');
  }
}

/** Cheaper by far than `expect` for what is asked a million times. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It must be ${what}`);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function expectSame(facts: Facts, state: ProcessState): void {
  const review = openReviewOf(state);
  const asked = review && { id: review.id, reminder: review.reminder };
  const is = [state.status, state.recordHash, asked, state.closedReviewId];
  const said = [facts.status, facts.hash, facts.asked, facts.lastAnswered];
  must(isSame(is, said), `${JSON.stringify(said)}, it is ${JSON.stringify(is)}`);
}

/** What may never be, whatever was said before. */
function expectAllowed(before: ProcessState, command: ProcessCommand, after: ProcessState): void {
  const [was, is] = [openReviewOf(before), openReviewOf(after)];
  const isYes = command.type === 'respond' && command.answer === 'correct';
  const { certification } = after;
  must(after.status !== 'certified' || after.status === before.status || isYes, 'certified by an answer alone');
  if (certification !== null && certification !== before.certification)
    must(isYes && certification.at === command.at && certification.recordHash === before.recordHash, 'of this answer');
  must(after.status !== 'overdue' || before.status === 'overdue' || command.type === 'mark-overdue', 'asked for long');
  if (is === null) return;
  if (was !== null) must(is.id === was.id && is.openedAt === was.openedAt, 'one review at a time');
  must(is.reminder >= (was?.reminder ?? 0), 'reminded by numbers that grow');
  const until = is.snoozedUntil;
  if (until === null || until === was?.snoozedUntil) return;
  const isLater = command.type === 'respond' && command.answer === 'later';
  must(isLater && until.getTime() - command.at.getTime() === policy.laterDays * DAY_MS, 'put off by its owner');
}

const hours = fc.integer({ min: 0, max: 400 }).map(at);
const reviewId = fc.constantFrom('r1', 'r2', 'r3');
const hash = fc.constantFrom('h1', 'h2', 'h3');
const commands: fc.Arbitrary<ProcessCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('open-review'),
      at: hours,
      reviewId,
      reason: fc.constantFrom('first-review', 'period-over', 'asked', 'record-updated', 'not-updated'),
      reminder: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('respond'),
      at: hours,
      reviewId: fc.option(reviewId),
      answer: fc.constantFrom('correct', 'needs-update', 'not-mine', 'later'),
      by: fc.constantFrom('ann', 'bob'),
      standing: fc.constantFrom('owner', 'owner', 'deputy', 'admin', 'stranger'),
      recordOpened: fc.option(fc.boolean()),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('mark-overdue'), at: hours, reviewId }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('change-record'), at: hours, hash }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('change-owner'), at: hours }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('retire'), at: hours }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restore'), at: hours, hash }) },
);

describe('the life of a process', () => {
  it('is what its rules say after any hundred commands, each delivered one to five times', () => {
    const delivered = fc
      .tuple(commands, fc.integer({ min: 1, max: 5 }))
      .map(([command, times]) => new Delivered(command, times));
    const { numRuns = 1000 } = fc.readConfigureGlobal();
    fc.assert(
      fc.property(fc.commands([delivered], { maxCommands: 100, size: 'max' }), (list) => {
        fc.modelRun(() => ({ model: new Facts(), real: { state: registered({ recordHash: 'h1' }) } }), list);
      }),
      { numRuns },
    );
  });
});
