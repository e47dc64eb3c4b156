import { type ProcessRegistered, type ReviewRequested } from '@recert/contracts';
import {
  apply,
  decideWake,
  defaultEscalationPolicy as policy,
  type Emit,
  openReviewOf,
  type ProcessCommand,
  type ProcessState,
  registered,
  request,
  type Review,
  type Wake,
} from '@recert/recertification';
import fc from 'fast-check';
import { follow } from './follow';
import { certifiedUntil } from './schedule-states';
import { entryOf, type Schedule, wakeOf, withEntry } from './schedule';

const HOUR = 3_600_000;
const PERIOD = 90 * 24 * HOUR;
const START = Date.UTC(2026, 0, 5);
const RUNS = 400;

/**
 * The registry by its own rules, the scheduler with the code that is tested, and between them two heaps of messages
 * that are delivered in any order, at any time.
 */
class World {
  now = START;
  readonly said: Emit[] = [];
  private made = 0;
  private state: ProcessState = registered({ recordHash: 'first' });
  private review: (Review & { open: boolean }) | null = null;
  private version = 0;
  private registeredAt = START;
  private states: ProcessRegistered[] = [];
  private readonly history: ProcessRegistered[] = [];
  private readonly requests: ReviewRequested[] = [];
  private readonly emitted: { emit: Emit; at: number }[] = [];
  schedule: Schedule | null = null;

  constructor() {
    this.publish();
  }

  command(order: ProcessCommand): void {
    const applied = apply(this.state, order, { laterDays: 3 });
    if ('refused' in applied) {
      // A refusal is told too: to the scheduler as the present state, to the person with a sentence.
      if (order.type === 'open-review' || order.type === 'respond') this.publish();
      return;
    }
    if (applied.events.length === 0) return;
    this.state = applied.state;
    if (order.type === 'restore') this.registeredAt = this.now;
    const open = openReviewOf(this.state);
    this.review = open ? { ...open, open: true } : this.review && { ...this.review, open: false };
    this.publish();
    for (const event of applied.events) if (event.type === 'review-wanted') this.ask(event.reason);
  }

  ask(reason: ReviewRequested['reason']): void {
    const { processId } = certifiedUntil('');
    this.requests.push({ processId, version: this.version, reason, by: 'admin', at: this.iso() });
  }

  answer(answer: 'correct' | 'needs-update' | 'not-mine' | 'later', isThroughQuestion: boolean): void {
    const reviewId = isThroughQuestion ? (openReviewOf(this.state)?.id ?? null) : null;
    const who = { by: 'ada', standing: 'owner', recordOpened: true } as const;
    this.command({ type: 'respond', at: new Date(this.now), reviewId, answer, ...who });
  }

  tick(): void {
    if (this.schedule)
      this.say(this.schedule, decideWake(entryOf(this.schedule), new Date(this.now), this.id(), policy));
  }

  deliverState(index: number): void {
    const [state] = this.states.splice(index % this.states.length, 1);
    if (state && state.version > (this.schedule?.version ?? 0)) this.schedule = follow(this.schedule, state);
  }

  deliverRequest(index: number): void {
    const at = index % this.requests.length;
    const wanted = this.requests[at];
    if (!wanted || !this.schedule || this.schedule.version < wanted.version) return;
    this.requests.splice(at, 1);
    this.say(this.schedule, request(entryOf(this.schedule), wanted.reason, new Date(this.now), this.id(), policy));
  }

  deliverEmitted(index: number): void {
    const [sent] = this.emitted.splice(index % this.emitted.length, 1);
    if (!sent) return;
    const { emit, at } = sent;
    const { reviewId } = emit;
    if (emit.type === 'overdue') return this.command({ type: 'mark-overdue', at: new Date(at), reviewId });
    const { reason, reminder } = emit;
    this.command({ type: 'open-review', at: emit.openedAt, reviewId, reason, reminder });
  }

  settle(): void {
    while (this.states.length + this.requests.length + this.emitted.length > 0) {
      this.now += 1;
      this.deliverState(0);
      this.deliverRequest(0);
      this.deliverEmitted(0);
    }
  }

  get shown(): ProcessRegistered {
    const { review, state } = this;
    return certifiedUntil('', {
      version: this.version,
      status: state.status,
      certificationDate: state.certification?.at.toISOString() ?? null,
      nextDueAt: this.nextDueAt(),
      updatingSince: state.status === 'updating' ? state.since.toISOString() : null,
      review: review && {
        id: review.id,
        open: review.open,
        openedAt: review.openedAt.toISOString(),
        reason: review.reason,
        reminder: review.reminder,
        snoozedUntil: review.snoozedUntil?.toISOString() ?? null,
        disownedBy: review.disownedBy,
      },
    });
  }

  /** As after an answer that is refused. */
  publish(): void {
    this.version += 1;
    this.states.push(this.shown);
    this.history.push(this.shown);
  }

  /** The scheduler's data is gone, and the bus delivers everything again from some point of the past on. */
  loseSchedule(index: number): void {
    this.schedule = null;
    this.states = this.history.slice(index % this.history.length);
  }

  private nextDueAt(): string | null {
    if (openReviewOf(this.state)) return null;
    if (this.state.status === 'certified')
      return new Date(this.state.certification.at.getTime() + PERIOD).toISOString();
    return this.state.status === 'uncertified' ? new Date(this.registeredAt + HOUR).toISOString() : null;
  }

  private say(before: Schedule, { emit, entry }: Wake): void {
    this.schedule = withEntry(before, entry);
    this.said.push(...emit);
    this.emitted.push(...emit.map((one) => ({ emit: one, at: this.now })));
  }

  private id(): string {
    return `00000000-0000-7000-8000-${String((this.made += 1)).padStart(12, '0')}`;
  }

  private iso(): string {
    return new Date(this.now).toISOString();
  }
}

type Step = (world: World) => void;
const index = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 20 * 24 }).map(
      (hours): Step =>
        (w) =>
          void (w.now += hours * HOUR),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((w) => w.tick()) },
  {
    weight: 4,
    arbitrary: index.map(
      (i): Step =>
        (w) =>
          w.deliverState(i),
    ),
  },
  {
    weight: 4,
    arbitrary: index.map(
      (i): Step =>
        (w) =>
          w.deliverEmitted(i),
    ),
  },
  {
    weight: 2,
    arbitrary: index.map(
      (i): Step =>
        (w) =>
          w.deliverRequest(i),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((w) => w.settle()) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom('correct', 'needs-update', 'not-mine', 'later'), fc.boolean()).map(
      ([answer, isThroughQuestion]): Step =>
        (w) =>
          w.answer(answer, isThroughQuestion),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('asked', 'campaign').map(
      (reason): Step =>
        (w) =>
          w.ask(reason),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((w) => w.command({ type: 'change-owner', at: new Date(w.now) })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('first', 'second', 'third').map(
      (hash): Step =>
        (w) =>
          w.command({ type: 'change-record', at: new Date(w.now), hash }),
    ),
  },
);
/** Every message arrives before a record comes back: a question from its former life may else come to the new one. */
const retire: Step = (w) => {
  w.settle();
  w.command({ type: 'retire', at: new Date(w.now) });
  w.settle();
};
const restore: Step = (w) => w.command({ type: 'restore', at: new Date(w.now), hash: 'again' });
const anyStep = fc.oneof({ weight: 12, arbitrary: step }, { weight: 1, arbitrary: fc.constantFrom(retire, restore) });

describe('a process between registry and scheduler, with messages late and in any order', () => {
  const lives = fc.array(anyStep, { maxLength: 80, size: 'max' });
  const live = (steps: readonly Step[]): World => {
    const world = new World();
    for (const take of steps) {
      world.now += 1;
      take(world);
    }
    return world;
  };
  const expectOneMind = ({ shown, schedule }: World): void => {
    expect(schedule).toMatchObject({ version: shown.version, status: shown.status });
    expect(schedule!.review?.id ?? null).toBe(shown.review?.open ? shown.review.id : null);
    if (shown.nextDueAt !== null) expect(wakeOf(schedule!, policy)?.toISOString()).toBe(shown.nextDueAt);
  };

  it('never says the same thing twice', () => {
    fc.assert(
      fc.property(lives, (steps) => {
        const names = live(steps).said.map(({ reviewId, openedAt, ...emit }) =>
          emit.type === 'due' ? `${reviewId} ${emit.reminder}` : `${reviewId} ${openedAt.getTime()} ${emit.level}`,
        );
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('says nothing more because of a state from before the registry heard of what was said', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 0, max: 100 * 24 }), (steps, hours) => {
        const world = live(steps);
        world.settle();
        world.publish();
        world.now += hours * HOUR;
        world.tick();
        const said = world.said.length;
        world.deliverState(0);
        world.tick();
        expect(world.said.slice(said)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('ends up of one mind once every message has arrived', () => {
    fc.assert(
      fc.property(lives, (steps) => {
        const world = live(steps);
        world.settle();
        expectOneMind(world);
      }),
      { numRuns: RUNS },
    );
  });

  it('ends up of one mind after the scheduler has lost its data', () => {
    fc.assert(
      fc.property(lives, index, (steps, from) => {
        const world = live(steps);
        world.settle();
        world.loseSchedule(from);
        world.deliverState(0);
        world.tick();
        world.settle();
        expectOneMind(world);
      }),
      { numRuns: RUNS },
    );
  });
});
