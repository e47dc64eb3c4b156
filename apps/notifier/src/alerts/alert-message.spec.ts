import fc from 'fast-check';
import { MESSAGE_LIMIT } from '../messages/rich-text';
import { alert, context } from './alert-examples';
import { alertMessage, olderAlertMessage } from './alert-message';
import { durationText, minuteIn } from './alert-texts';

const textOf = (...of: Parameters<typeof alertMessage>): string => alertMessage(...of).text;

describe('the message of an alert', () => {
  it('says how bad it is, of what, since when, and that nobody has taken it', () => {
    expect(alertMessage(alert, context)).toMatchObject({
      text: '🔴 Critical · Lugha\nLugha is down\nStatus 503.\n\nOnce, since 2026-11-21 10:12.\nNobody has taken it yet.',
      entities: [{ type: 'bold', offset: 20, length: 13 }],
    });
    expect(textOf({ ...alert, severity: 'info', count: 12, detail: null }, { ...context, productName: null })).toBe(
      '🔵 Info\nLugha is down\n\n12 times since 2026-11-21 10:12.\nNobody has taken it yet.',
    );
  });

  it('says who has acknowledged it, and until when it is snoozed', () => {
    const by = { ...context, acknowledgedBy: 'Carol' };
    expect(textOf({ ...alert, status: 'acknowledged' }, by)).toContain('\nAcknowledged by Carol.');
    const snoozedUntil = new Date('2026-11-21T11:00:00.000Z');
    expect(textOf({ ...alert, status: 'snoozed', snoozedUntil }, by)).toContain(
      'Snoozed until 2026-11-21 12:00, by Carol.',
    );
    expect(textOf({ ...alert, status: 'snoozed' }, context)).toContain('\nSnoozed until it recovers.');
  });

  it('says after how long it was over, and by whom, and has no buttons then', () => {
    const over = { ...alert, status: 'resolved', durationMs: 1_800_000 } as const;
    expect(textOf(over, context)).toMatch(/^✅ Critical[^]*\nOver after 30 min\.$/);
    expect(textOf(over, { ...context, resolvedBy: 'Carol' })).toContain('Over after 30 min, resolved by Carol.');
    expect(alertMessage(over, context).buttons).toEqual([]);
  });

  it.each([
    [1, 'And 1 error of the same product is held back.'],
    [12, 'And 12 errors of the same product are held back.'],
  ])('of an outage says that it explains %i errors', (held, sentence) => {
    expect(textOf(alert, { ...context, held })).toContain(sentence);
  });

  it('has buttons that fit into what Telegram takes, and a link only where a phone can follow it', () => {
    const { buttons } = alertMessage(alert, context);
    const texts = buttons.flat().map(({ text }) => text);
    expect(texts).toEqual(['Acknowledge', 'Snooze 1 h', 'Snooze 4 h', 'Snooze until it recovers', 'Resolve', 'Open']);
    for (const button of buttons.flat()) if ('data' in button) expect(button.data.length).toBeLessThanOrEqual(64);
    for (const link of [null, 'javascript:alert(1)', 'http://localhost:3000', 'http://10.0.0.1/', 'no address']) {
      expect(
        alertMessage({ ...alert, link }, context)
          .buttons.flat()
          .map(({ text }) => text),
      ).not.toContain('Open');
    }
    const taken = alertMessage({ ...alert, status: 'acknowledged' }, context).buttons.flat();
    expect(taken.map(({ text }) => text)).not.toContain('Acknowledge');
  });

  it('points to a newer one, without buttons', () => {
    expect(olderAlertMessage(alert, context)).toMatchObject({
      text: '🔴 Critical · Lugha\nLugha is down\n\nRaised again below.',
      buttons: [],
    });
  });

  it('fits and keeps what is said about it, whatever its title, detail and product are called', () => {
    const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 9000 }), fc.constant('<b>*x*</b>'.repeat(900)));
    fc.assert(
      fc.property(any, any, any, (title, detail, productName) => {
        const { text, entities } = alertMessage({ ...alert, title, detail }, { ...context, productName, held: 3 });
        expect(text.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
        expect(text.endsWith('held back.\nNobody has taken it yet.')).toBe(true);
        expect(entities.map(({ type }) => type)).toEqual(['bold']);
      }),
    );
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_399_000, '23 h 59 min'],
    [86_400_000, '1 d'],
    [273_600_000, '3 d 4 h'],
  ])('of %i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe('a minute', () => {
  it("is that of the organisation's clock", () => {
    expect(minuteIn('Asia/Kolkata', new Date('2026-11-21T20:05:59.000Z'))).toBe('2026-11-22 01:35');
  });
});
