import { letterMessage } from '../../hub/letter-message';
import { downMessage } from '../../hub/task-message';
import { alertMessage } from '../../alerts/alert-message';
import { TaskDown } from '@recert/contracts';
import { Urgency } from './fallback-delivery';
import { endMessage, headlineOf, newsMessage } from './fallback-texts';
import { type WaitingNews } from './plan-news';

const PLACE = { zone: 'Europe/Berlin', publicUrl: 'https://recert.example.org' };
const SINCE = new Date('2026-11-30T08:00:00.000Z');
const news = (n: number, priority = 45, headline = `Alert ${n}`): WaitingNews => ({
  ...{ thread: `alert:${n}`, priority, headline },
});

describe('a headline', () => {
  it('of an alert is how bad it is and its title, without its detail and without who took it', () => {
    const alert = {
      ...{ id: 'a', version: 1, productId: 'lugha', severity: 'critical' as const, title: 'The database is away' },
      ...{ detail: 'user=ada@example.org', link: null, count: 3, status: 'acknowledged' as const, startedAt: SINCE },
      ...{ acknowledgedBy: 'ada', snoozedUntil: null, heldBy: null, resolvedBy: null, durationMs: null },
    };
    const context = { productName: 'Lugha', acknowledgedBy: 'Ada', resolvedBy: null, held: 0 };
    const { text } = alertMessage(alert, { ...context, zone: PLACE.zone, nonce: null });
    expect(headlineOf('alert:a', text)).toBe('🔴 Critical · Lugha: The database is away');
    const over = alertMessage({ ...alert, status: 'resolved' }, { ...context, zone: PLACE.zone, nonce: null });
    expect(headlineOf('alert:a', over.text)).toBe('✅ Critical · Lugha: The database is away');
  });

  it('of a task is what happened, without its log and its owner', () => {
    const down = { ...TaskDown.example, why: 'failed' as const, log: 'password=secret' };
    const { text } = downMessage(down, { ownerName: 'Ada', place: PLACE });
    expect(headlineOf('task:nightly-backup:1', text)).toBe('Nightly backup has failed.');
  });

  it('of dead letters is how many of what, without why', () => {
    const group = {
      ...{
        id: '1',
        service: 'registry',
        consumer: 'registry.open-review-when-process-is-due',
        nonce: 'n',
        wantedBy: 'Ada',
      },
      ...{ isOver: false, total: 2, open: 2, reason: 'by: ada@example.org is no handle' },
    };
    expect(headlineOf('letters:1', letterMessage(group, PLACE).text)).toBe(
      '2 dead letters of open review when process is due (registry)',
    );
  });

  it('of a storm names no command of the bot, and none is longer than a line', () => {
    expect(headlineOf('storm:1', '🌩 43 more alerts in the last minutes: lugha 43. /alerts lists all.')).toBe(
      '🌩 43 more alerts in the last minutes: lugha 43.',
    );
    expect(headlineOf('task:1', 'x'.repeat(500))).toHaveLength(200);
  });
});

describe('a message of the fallback', () => {
  it('says at first since when, and what waits', () => {
    expect(newsMessage({ fresh: [news(1, 25), news(2)], changed: [] }, { since: SINCE, isFirst: true }, PLACE)).toEqual(
      {
        urgency: Urgency.highest,
        title: 'Recert: Telegram is unreachable',
        text: [
          'Telegram has been unreachable since Mon 30 November 09:00. These messages wait, and will be there when it is back:',
          '- Alert 1',
          '- Alert 2',
          '',
          'https://recert.example.org/messages',
        ].join('\n'),
      },
    );
    const { text } = newsMessage(
      { fresh: [], changed: [] },
      { since: SINCE, isFirst: true },
      { ...PLACE, publicUrl: null },
    );
    expect(text).toBe(
      'Telegram has been unreachable since Mon 30 November 09:00. What there is to say waits, and will be there when it is back.',
    );
  });

  it('says later what is new and what changed', () => {
    const later = newsMessage({ fresh: [news(2)], changed: [news(1)] }, { since: SINCE, isFirst: false }, PLACE);
    expect(later).toMatchObject({ urgency: Urgency.high, title: 'Recert: 1 new while Telegram is unreachable' });
    expect(later.text).toContain('since Mon 30 November 09:00.\n\nNew:\n- Alert 2\n\nChanged:\n- Alert 1\n');
    const changed = newsMessage({ fresh: [], changed: [news(1)] }, { since: SINCE, isFirst: false }, PLACE);
    expect(changed).toMatchObject({
      urgency: Urgency.normal,
      title: 'Recert: 1 changed while Telegram is unreachable',
    });
  });

  it('of 500 alerts with long names fits into what ntfy shows, and says how many there are besides', () => {
    const fresh = Array.from({ length: 500 }, (_, n) => news(n, 45, `🔴 ${'ü'.repeat(190)} ${n}`));
    const { text } = newsMessage({ fresh, changed: [] }, { since: SINCE, isFirst: true }, PLACE);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(3_600);
    const lines = text.split('\n').filter((line) => line.startsWith('- ')).length;
    expect(lines).toBeGreaterThan(5);
    expect(text).toContain(`\nand ${500 - lines} more lines\n`);
  });

  it('has a title that can be a header', () => {
    const some = [
      newsMessage({ fresh: [news(1)], changed: [] }, { since: SINCE, isFirst: false }, PLACE),
      endMessage(SINCE, new Date('2026-11-30T08:34:00.000Z'), 3, PLACE),
    ];
    for (const { title } of some) expect(title).toMatch(/^[\x20-\x7e]+$/);
    expect(some[1]!.text).toBe(
      'Telegram is back since Mon 30 November 09:34, after 34 min. What waited is being sent there now.',
    );
  });
});
