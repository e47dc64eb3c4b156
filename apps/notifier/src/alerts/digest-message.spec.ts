import { digestMessage } from './digest-message';
import { alertList, MAX_LINES, type ListedAlert } from './alert-list';
import { alert } from './alert-examples';
import { MESSAGE_LIMIT, compose } from '../messages/rich-text';

describe('the digest of a storm', () => {
  it('counts by product and severity, the most first', () => {
    const gathered = [
      { productName: 'shop', severity: 'warning', count: 17, over: 0 },
      { productName: 'lugha', severity: 'critical', count: 3, over: 0 },
      { productName: 'lugha', severity: 'warning', count: 17, over: 0 },
    ] as const;
    expect(digestMessage(gathered).text).toBe(
      '🌩 37 more alerts in the last minutes: lugha 20, shop 17. 3 critical, 34 warnings. /alerts lists all.',
    );
  });

  it('says how many are over', () => {
    const one = { productName: null, severity: 'info', count: 1, over: 0 } as const;
    expect(digestMessage([one]).text).toBe(
      '🌩 1 more alert in the last minutes: no product 1. 1 info. /alerts lists all.',
    );
    expect(digestMessage([{ ...one, count: 3, over: 1 }]).text).toContain('1 of them is over.');
    expect(digestMessage([{ ...one, count: 3, over: 3 }]).text).toContain('All of them are over.');
  });

  it('names 8 products, and counts the others', () => {
    const of = (products: number) =>
      Array.from(
        { length: products },
        (_, n) => ({ productName: `p${n}`, severity: 'info', count: 1, over: 0 }) as const,
      );
    expect(digestMessage(of(8)).text).not.toContain('other products');
    expect(digestMessage(of(10)).text).toContain('p7 1, 2 other products.');
  });
});

describe('the list of open alerts', () => {
  const listed: ListedAlert = { ...alert, productName: 'Lugha' };
  const textOf = (alerts: ListedAlert[], total = alerts.length): string =>
    alertList(alerts, total, 'Europe/Berlin')
      .map(({ text }) => text)
      .join('');

  it('has a line for each', () => {
    expect(textOf([])).toBe('No alert is open.');
    expect(textOf([listed, { ...listed, severity: 'info', count: 4, heldBy: 'x', productName: null }])).toBe(
      '2 alerts are open:\n🔴 Lugha: Lugha is down (since 2026-11-21 10:12)\n' +
        '🔵 Lugha is down (since 2026-11-21 10:12, 4 times, held back)',
    );
  });

  it('has 30 lines, counts the others, and fits however they are called', () => {
    const long = { ...listed, title: 'T'.repeat(500), productName: 'P'.repeat(500), count: 99_999_999 };
    const text = textOf(
      Array.from({ length: MAX_LINES }, () => ({ ...long, status: 'acknowledged' as const })),
      500,
    );
    expect(text.split('\n')).toHaveLength(MAX_LINES + 2);
    expect(text.endsWith('and 470 more')).toBe(true);
    expect(compose([{ text }]).text).toHaveLength(text.length);
    expect(text.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
  });
});
