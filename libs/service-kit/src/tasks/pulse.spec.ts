import { Pulse } from './pulse';

describe('a pulse', () => {
  let told: (string | null)[];
  let pulse: Pulse;
  beforeEach(() => {
    told = [];
    pulse = new Pulse(1_000, (fault) => told.push(fault));
  });

  it('is told at once, and then no more often than it is wanted', () => {
    pulse.went(50);
    pulse.went(1_049);
    expect(told).toEqual([null]);
    pulse.went(1_050);
    expect(told).toEqual([null, null]);
  });

  it('stops with one reason, and is told at once when it is back', () => {
    pulse.went(0);
    pulse.failed('a defect');
    pulse.failed('the same defect');
    pulse.went(10);
    pulse.went(20);
    expect(told).toEqual([null, 'a defect', null]);
  });
});
