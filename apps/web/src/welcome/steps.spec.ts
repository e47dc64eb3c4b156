import { stepsOf, type Known } from './steps';

const none = { uncertified: 0, due: 0, updating: 0, overdue: 0, certified: 0, retired: 0 };
const nothing: Known = { summary: { total: 0, owners: [], byStatus: none }, people: [], sessions: [] };
const person = (linked: boolean) => ({ telegram: { linked, since: null, lost: null } });
const done = (known: Partial<Known>): string[] =>
  stepsOf({ ...nothing, ...known })
    .filter(({ isDone }) => isDone)
    .map(({ id }) => id);

describe('the first steps', () => {
  it('are all open in a new organisation', () => {
    expect(done({})).toEqual([]);
    // The first admin of the link in the output is nobody of the organisation.
    expect(done({ people: [person(false)], sessions: [{ handle: null }] })).toEqual([]);
  });

  it('begin with a library', () => {
    expect(done({ summary: { ...nothing.summary, total: 1 } })).toEqual(['library']);
  });

  it('need one process that has an owner', () => {
    expect(done({ summary: { ...nothing.summary, total: 3, owners: ['ada'] } })).toEqual(['library', 'owners']);
  });

  it('need one person who is reached', () => {
    expect(done({ people: [person(false), person(true)] })).toEqual(['people']);
    expect(done({ sessions: [{ handle: 'ada' }] })).toEqual(['people']);
  });

  const owned = { ...nothing.summary, owners: ['ada'] };

  it.each(['due', 'updating', 'overdue', 'certified'] as const)('end with the first question: one is %s', (status) => {
    expect(done({ summary: { ...owned, byStatus: { ...none, [status]: 1 } } })).toEqual(['owners', 'question']);
  });

  it('are not ended by a process that was never asked about', () => {
    const byStatus = { ...none, uncertified: 4, retired: 1 };
    expect(done({ summary: { ...owned, byStatus } })).toEqual(['owners']);
  });

  it('are not ended by a review that nobody was asked for', () => {
    expect(done({ summary: { ...nothing.summary, byStatus: { ...none, overdue: 3 } } })).toEqual([]);
  });
});
