import { groupsOf, sentenceOf } from './import-groups';
import { mistakesOf } from './mistakes';

const nothing = {
  ...{ dryRun: false, sources: ['processes.md'], created: [], changed: [], ownerLost: [], retired: [], restored: [] },
  ...{ unchanged: 7, people: [], warnings: [] },
};
const hire = { id: 'people-hire', name: 'hire' };

describe('the report of an import', () => {
  it('has no groups where nothing happened', () => {
    expect(groupsOf(nothing)).toEqual([]);
    expect(sentenceOf(nothing)).toBe('Nothing changed: 7 are as they were.');
    expect(sentenceOf({ ...nothing, dryRun: true })).toBe('Nothing would change: 7 are as they were.');
  });

  it('names what changed, and which of its fields', () => {
    const report = { ...nothing, changed: [{ ...hire, fields: ['owner', 'triggerPeriod'] }] };
    expect(groupsOf(report)).toEqual([
      {
        ...{ id: 'changed', title: 'Changed', isBad: false },
        lines: [{ text: 'hire', detail: 'owner, trigger period', processId: 'people-hire' }],
      },
    ]);
    expect(sentenceOf(report)).toBe('It is done: 1 changed; 7 unchanged.');
    expect(sentenceOf({ ...report, dryRun: true })).toBe('If it is imported: 1 changed; 7 unchanged.');
  });

  it('leads to no process that is only tried', () => {
    const [tried] = groupsOf({ ...nothing, dryRun: true, created: [hire] });
    expect(tried).toMatchObject({ title: 'Would be created', lines: [{ processId: null }] });
    const [made] = groupsOf({ ...nothing, created: [hire] });
    expect(made).toMatchObject({ title: 'Created', lines: [{ processId: 'people-hire' }] });
  });

  it('marks what somebody has to mend', () => {
    const warning = { file: 'processes.md', line: 4, message: 'no such person' };
    const groups = groupsOf({
      ...nothing,
      ownerLost: [{ ...hire, owner: 'ada' }],
      warnings: [warning],
      people: ['bo'],
    });
    expect(groups.map(({ id, isBad }) => [id, isBad])).toEqual([
      ['owner-lost', true],
      ['people', false],
      ['warnings', true],
    ]);
    expect(groups[2]?.lines[0]).toEqual({ text: 'processes.md:4', detail: 'no such person', processId: null });
  });
});

describe('the mistakes of a library', () => {
  it('are those errors that have a place', () => {
    const place = { file: 'a.md', line: 3, message: 'no period' };
    expect(
      mistakesOf({
        errors: [
          { field: 'library', ...place },
          { field: 'source', message: 'unknown' },
        ],
      }),
    ).toEqual([place]);
    expect(mistakesOf({ detail: 'gone' })).toEqual([]);
    expect(mistakesOf(undefined)).toEqual([]);
  });
});
