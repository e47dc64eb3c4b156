import { ReportPace } from './report-pace';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

describe('the pace of reports', () => {
  let pace: ReportPace;
  beforeEach(() => {
    pace = new ReportPace();
  });

  it('lets the first one through, and the same again after ten minutes to the millisecond, with how many there were', () => {
    expect([pace.ask('a', 0), pace.ask('a', 1), pace.ask('a', 10 * MINUTE - 1)]).toEqual([0, null, null]);
    expect(pace.ask('b', 10 * MINUTE - 1)).toBe(0);
    expect(pace.ask('a', 10 * MINUTE)).toBe(2);
  });

  it('doubles the pause, so that a loop comes to one report a day', () => {
    const reported: number[] = [];
    for (let at = 0; at < 10 * DAY; at += MINUTE) if (pace.ask('loop', at) !== null) reported.push(at / MINUTE);
    expect(reported.slice(0, 5)).toEqual([0, 10, 30, 70, 150]);
    const pauses = reported.slice(1).map((at, i) => at - reported[i]!);
    expect(Math.max(...pauses)).toBe(1_440);
    expect(reported.length).toBeLessThan(20);
  });

  it('forgets a pause that was kept for two days', () => {
    pace.ask('a', 0);
    pace.ask('a', 10 * MINUTE);
    pace.ask('a', 10 * MINUTE + 2 * DAY);
    expect(pace.ask('a', 10 * MINUTE + 2 * DAY + 10 * MINUTE)).toBe(0);
  });

  it('lets thirty different ones through at once, and then one every two minutes', () => {
    const asked = Array.from({ length: 40 }, (_, n) => pace.ask(`one ${n}`, 0));
    expect(asked.filter((withheld) => withheld !== null)).toHaveLength(30);
    expect([pace.ask('late', 2 * MINUTE - 1), pace.ask('later', 2 * MINUTE)]).toEqual([null, 0]);
    expect(pace.ask('late', 4 * MINUTE)).toBe(1);
  });
});
