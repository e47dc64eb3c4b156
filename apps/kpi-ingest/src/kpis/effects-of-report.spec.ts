import { type Figure, mergeReport } from '../reports/merge-report';
import { effectsOf } from './effects-of-report';

const before = new Date('2026-11-20T09:00:00.000Z');
const now = new Date('2026-11-21T09:00:00.000Z');
const figure = (name: string, value: number): Figure => ({
  ...{ name, value, unit: null, target: null, better: 'up', receivedAt: before },
});

describe('what a report would do', () => {
  it('is said of each figure that it names, and of no other', () => {
    const present = [figure('churn', 3), figure('signups', 12), figure('visits', 100)];
    const report = {
      week: '2026-W47',
      figures: [
        { name: 'signups', value: 13, unit: 'people' },
        { name: 'churn', value: 3 },
        { name: 'revenue', value: 9, target: 10 },
      ],
    };
    const merged = mergeReport(present, new Map(), report.figures, now);
    const soFar = { version: 1, present, past: [], wasMissed: false };
    expect(effectsOf({ report, soFar, merged })).toEqual([
      { name: 'churn', value: 3, unit: null, target: null, better: 'up', effect: 'kept' },
      { name: 'revenue', value: 9, unit: null, target: 10, better: 'up', effect: 'new' },
      { name: 'signups', value: 13, unit: 'people', target: null, better: 'up', effect: 'corrected' },
    ]);
  });
});
