import { bodyOf, draftOf, EMPTY, isComplete, patchOf } from './product-draft';

const product = {
  ...{ id: 'lugha', name: 'Lugha', owner: 'ada', admins: ['bo'], url: 'https://lugha.example.org', repository: null },
  ...{ sentryProject: null, week: { timezone: 'UTC', dueBy: 'mon 12:00' }, active: true, version: 1 },
  hooks: { kpi: 'k', alerts: 'a', sentry: 's' },
};

describe('a product in the form', () => {
  it('is registered without what is left empty', () => {
    const draft = { ...EMPTY, name: ' Lugha ', owner: 'ada', dueBy: ' tue 9:00 ', url: ' ' };
    expect(bodyOf(draft)).toEqual({ name: 'Lugha', owner: 'ada', admins: [], week: { dueBy: 'tue 9:00' } });
  });

  it('is complete with a name and an owner', () => {
    expect(isComplete({ ...EMPTY, name: 'Lugha', owner: 'ada' })).toBe(true);
    expect(isComplete({ ...EMPTY, name: ' ', owner: 'ada' })).toBe(false);
    expect(isComplete({ ...EMPTY, name: 'Lugha' })).toBe(false);
  });

  it('is changed only where it is other than before', () => {
    const before = draftOf(product);
    expect(patchOf(before, before)).toEqual({});
    expect(patchOf(before, { ...before, name: 'Lugha 2 ', admins: ['bo', 'cy'], dueBy: 'fri 9:00' })).toEqual({
      ...{ name: 'Lugha 2', admins: ['bo', 'cy'], week: { dueBy: 'fri 9:00' } },
    });
  });

  it('loses what was emptied, but never its week', () => {
    const before = draftOf(product);
    expect(patchOf(before, { ...before, url: ' ', timezone: '', admins: [] })).toEqual({ url: null, admins: [] });
  });
});
