import { ProductRegistered } from '@recert/contracts';
import { follow, type Product } from './product';

const state = (change: Partial<ProductRegistered> = {}): ProductRegistered => ({
  ...ProductRegistered.example,
  week: { timezone: 'Europe/Berlin', dueBy: 'mon 12:00' },
  ...change,
});

describe('a product that is followed', () => {
  const after = (known: Product | null, change: Partial<ProductRegistered>, at: string): Product => {
    const followed = follow(known, state(change), new Date(at));
    if (!followed.ok) throw new Error(followed.reason);
    return followed.product;
  };
  const registered = after(null, {}, '2026-11-18T09:00:00.000Z');

  it('has what the registry said of it', () => {
    expect(registered).toEqual({
      productId: 'lugha',
      version: 1,
      name: 'Lugha',
      owner: 'ada',
      timezone: 'Europe/Berlin',
      dueBy: { weekday: 1, hour: 12, minute: 0 },
      active: true,
      expectedFrom: '2026-W47',
    });
  });

  it.each([
    ['2026-11-22T22:59:59.999Z', '2026-W47'],
    ['2026-11-22T23:00:00.000Z', '2026-W48'],
    ['2026-11-22T23:00:00.001Z', '2026-W48'],
  ])('registered at %s is expected from %s, the first week to end after that in its zone', (at, week) => {
    expect(after(null, {}, at).expectedFrom).toBe(week);
  });

  it('stays expected from the same week when its settings change', () => {
    const week = { timezone: 'America/New_York', dueBy: 'fri 09:30' };
    expect(after(registered, { version: 2, week }, '2027-01-04T09:00:00.000Z')).toMatchObject({
      timezone: 'America/New_York',
      dueBy: { weekday: 5, hour: 9, minute: 30 },
      expectedFrom: '2026-W47',
    });
  });

  it('is not expected while it is inactive, and anew from the week in which it comes back', () => {
    const inactive = after(registered, { version: 2, active: false }, '2026-11-25T09:00:00.000Z');
    expect(inactive).toMatchObject({ active: false, expectedFrom: null });
    expect(after(inactive, { version: 3 }, '2027-01-06T09:00:00.000Z').expectedFrom).toBe('2027-W01');
    expect(after(null, { active: false }, '2026-11-25T09:00:00.000Z').expectedFrom).toBeNull();
  });

  it.each([
    [{ timezone: 'Europe/Berlin', dueBy: 'soon' }, 'week.dueBy: "soon" is not a day and time such as mon 12:00'],
    [{ timezone: 'Europe/Atlantis', dueBy: 'mon 12:00' }, 'week.timezone: "Europe/Atlantis" is not a known zone'],
  ])('cannot be followed with the week %j', (week, reason) => {
    const followed = follow(null, state({ week }), new Date('2026-11-25T09:00:00.000Z'));
    expect(followed).toEqual({ ok: false, reason });
  });
});
