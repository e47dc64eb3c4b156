import { processStatus } from '@recert/contracts';
import fc from 'fast-check';
import { reportOf, tallyOf, type RoundReview } from './tally-round';

const start = Date.UTC(2026, 0, 1);
const hoursLater = (hours: number): string => new Date(start + hours * 3_600_000).toISOString();

function aReview(facts: Partial<RoundReview> = {}): RoundReview {
  return {
    ...{ processId: 'a', name: 'a', section: null, owner: 'ada', status: 'due', reason: 'period-over' },
    ...{ askedAt: hoursLater(0), reminders: 0, answer: null, answeredBy: null, answeredAt: null },
    ...{ recordOpened: null, late: false, outcome: null, firstAnsweredAt: null },
    ...facts,
  };
}

const reviews = fc.array(
  fc
    .record({
      owner: fc.constantFrom(null, 'ada', 'bob', 'carol'),
      status: fc.constantFrom(...processStatus.options),
      outcome: fc.constantFrom(null, 'certified', 'retired'),
      recordOpened: fc.constantFrom(null, true, false),
      hours: fc.option(fc.integer({ min: 0, max: 5000 })),
    })
    .map(({ hours, ...facts }) =>
      aReview({
        ...facts,
        late: facts.outcome === null && facts.status === 'overdue',
        firstAnsweredAt: hours === null ? null : hoursLater(hours),
      }),
    ),
  { maxLength: 40 },
);

/** The same counts, each by its own sentence. */
function naive(all: readonly RoundReview[]): ReturnType<typeof tallyOf> {
  const count = (is: (review: RoundReview) => boolean): number => all.filter(is).length;
  const hours = all.flatMap(({ askedAt, firstAnsweredAt }) =>
    firstAnsweredAt === null ? [] : [(Date.parse(firstAnsweredAt) - Date.parse(askedAt)) / 3_600_000],
  );
  const below = (x: number): number => hours.filter((hour) => hour < x).length;
  const above = (x: number): number => hours.filter((hour) => hour > x).length;
  const inTheMiddle = hours.filter((hour) => below(hour) <= hours.length / 2 && above(hour) <= hours.length / 2);
  return {
    asked: all.length,
    certified: count(({ outcome }) => outcome === 'certified'),
    updating: count(({ outcome, status }) => outcome === null && status === 'updating'),
    open: count(({ outcome, status }) => outcome === null && status !== 'updating'),
    late: count(({ late }) => late),
    stamped: count(({ outcome, recordOpened }) => outcome === 'certified' && recordOpened === false),
    medianAnswerHours: hours.length === 0 ? null : (Math.min(...inTheMiddle) + Math.max(...inTheMiddle)) / 2,
  };
}

describe('the tally of a round', () => {
  it('is what counting each thing by itself gives', () => {
    fc.assert(fc.property(reviews, (all) => expect(tallyOf(all)).toEqual(naive(all))));
  });

  it('is by owner the same, of everybody once, those with the most late ones first', () => {
    fc.assert(
      fc.property(reviews, (all) => {
        const { owners, total, items } = reportOf(all, new Date(start), new Date(start));
        expect(total).toEqual(naive(all));
        expect(new Set(owners.map(({ owner }) => owner))).toEqual(new Set(all.map(({ owner }) => owner)));
        for (const { owner, ...tally } of owners)
          expect(tally).toEqual(naive(all.filter((review) => review.owner === owner)));
        expect(new Set(owners.map(({ owner }) => owner)).size).toBe(owners.length);
        expect(owners.map(({ late }) => late)).toEqual(owners.map(({ late }) => late).sort((a, b) => b - a));
        expect(items).toHaveLength(all.length);
      }),
    );
  });

  it('puts equally late owners in the order of their names, and nobody last', () => {
    const { owners } = reportOf(
      [{ owner: null }, { owner: 'bob' }, { owner: 'ada' }, { owner: 'carol', late: true }].map(aReview),
      new Date(start),
      new Date(start),
    );
    expect(owners.map(({ owner }) => owner)).toEqual(['carol', 'ada', 'bob', null]);
  });

  it.each([
    [[], null],
    [[5], 5],
    [[9, 1], 5],
    [[9, 1, 2], 2],
    [[10, 2, 1, 9], 5.5],
    [[0.5, 0.25], 0.375],
  ])('has of the hours %j the median %s', (hours, expected) => {
    const all = [aReview(), ...hours.map((hour) => aReview({ firstAnsweredAt: hoursLater(hour) }))];
    expect(tallyOf(all).medianAnswerHours).toBe(expected);
  });
});
