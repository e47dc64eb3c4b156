import { MovableClock } from './movable-clock';

describe('the movable clock', () => {
  it('stands still until it is moved', () => {
    const clock = new MovableClock('2026-01-31T09:00:00Z');
    expect(clock.now()).toEqual(new Date('2026-01-31T09:00:00Z'));
    clock.advance(1500);
    expect(clock.now()).toEqual(new Date('2026-01-31T09:00:01.500Z'));
    clock.set('2025-12-31T23:59:59Z');
    expect(clock.now()).toEqual(new Date('2025-12-31T23:59:59Z'));
  });

  it('cannot be moved through a date that it gave away', () => {
    const clock = new MovableClock('2026-01-31T09:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().getFullYear()).toBe(2026);
  });

  it('refuses what is no instant', () => {
    expect(() => new MovableClock('tomorrow')).toThrow('Not an instant: tomorrow');
    expect(() => new MovableClock('2026-01-31T09:00:00Z').set('tomorrow')).toThrow('Not an instant: tomorrow');
  });
});
