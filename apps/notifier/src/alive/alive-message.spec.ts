import { type AliveFacts } from './alive-facts';
import { aliveMessage } from './alive-message';

const PLACE = { zone: 'Europe/Berlin', publicUrl: 'https://recert.example.org' };
const NEXT = new Date('2026-12-07T08:00:00.000Z');
const WELL: AliveFacts = {
  services: { up: ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'], silent: [] },
  processes: {
    ...{ certified: 41, due: 0, overdue: 0, updating: 0, uncertified: 0, unowned: 0 },
    certifiedThisWeek: 3,
  },
  alerts: { raised: 0, critical: 0, open: 0 },
  kpis: { reported: 3, missing: [] },
  tasksDown: 0,
  deadLetters: 0,
  fallback: [],
};
const linesOf = (of: Partial<AliveFacts> = {}): string[] =>
  aliveMessage({ ...WELL, ...of }, NEXT, PLACE).text.split('\n');

describe('the weekly message', () => {
  it('of a good week is a few lines, and says when its silence would be news', () => {
    expect(linesOf()).toEqual([
      'I am alive.',
      'Services: all 5 are up.',
      'Processes: 41 certified; 3 certified this week.',
      'Alerts: 0 this week; 0 open now.',
      'KPIs: all 3 products have reported.',
      'Trouble: no tasks are down, no dead letters wait.',
      '',
      'The next one comes on Mon 7 December 09:00. If it does not, look after me.',
    ]);
  });

  it('of a bad week names what is wrong', () => {
    const lines = linesOf({
      services: { up: ['registry'], silent: [{ name: 'scheduler', lastAt: new Date('2026-11-29T10:00:00.000Z') }] },
      processes: { certified: 1, due: 2, overdue: 3, updating: 4, uncertified: 5, unowned: 6, certifiedThisWeek: 0 },
      alerts: { raised: 12, critical: 2, open: 1 },
      kpis: { reported: 1, missing: ['Lugha'] },
      ...{ tasksDown: 1, deadLetters: 14 },
    });
    expect(lines.slice(1, 6)).toEqual([
      'Services: 1 of 2 are up; scheduler is silent since Sun 29 November 11:00.',
      'Processes: 1 certified, 3 overdue, 2 due, 4 being updated, 5 never certified, 6 without an owner; 0 certified this week.',
      'Alerts: 12 this week, 2 of them critical; 1 open now.',
      'KPIs: 1 of 2 products have reported; missing: Lugha.',
      'Trouble: 1 task is down, 14 dead letters wait.',
    ]);
    expect(linesOf({ services: { up: [], silent: [{ name: 'registry', lastAt: null }] } })[1]).toBe(
      'Services: 0 of 1 are up; registry was never heard.',
    );
  });

  it('names five products at most', () => {
    const missing = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(linesOf({ kpis: { reported: 0, missing } })[4]).toBe(
      'KPIs: 0 of 7 products have reported; missing: a, b, c, d, e and 2 more.',
    );
    expect(linesOf({ kpis: { reported: 0, missing: [] } })[4]).toBe('KPIs: no product reports any.');
  });

  it('says whether the fallback would arrive', () => {
    const provedAt = new Date('2026-11-02T08:00:00.000Z');
    const fallback = [
      { way: 'ntfy', provedAt, isFailing: false },
      { way: 'mail', provedAt: null, isFailing: true },
    ];
    expect(linesOf({ fallback })[6]).toBe(
      'Fallback: ntfy delivered last on Mon 2 November; mail has never delivered anything and FAILS NOW.',
    );
  });
});
