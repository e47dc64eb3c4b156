import { missed } from './kpi-examples';
import { arrivedMessage, missedMessage } from './missed-message';

const zone = 'Europe/Berlin';
const nameOf = (handle: string): string => (handle === 'ada' ? 'Ada Lovelace' : handle);
const said = (reader: 'owner' | 'admins', of: Parameters<typeof missed>[0] = {}): string =>
  missedMessage(missed(of), { reader, nameOf, zone }).text;

describe('what is said of missing KPIs', () => {
  it('tells the owner what is missing, since when, and what was heard last', () => {
    expect(said('owner')).toBe(
      'No KPIs of Lugha for week 47.\nThey were expected by Mon 23 November 12:00; last heard on Mon 16 November (week 46).',
    );
  });

  it('tells the admins whose it is, too', () => {
    expect(said('admins')).toBe(`${said('owner')} Its owner is Ada Lovelace.`);
  });

  it('knows when nothing was ever heard', () => {
    expect(said('owner', { lastHeardAt: null, lastWeek: null })).toMatch(/12:00; nothing was ever heard\.$/);
    expect(said('owner', { lastWeek: null })).toMatch(/last heard on Mon 16 November\.$/);
  });

  it('becomes the day on which they came', () => {
    expect(arrivedMessage(missed(), new Date('2026-11-24T07:00:00Z'), zone)).toEqual({
      text: 'The KPIs of Lugha for week 47 arrived on Tue 24 November 08:00.\nThey were expected by Mon 23 November 12:00.',
      entities: [{ type: 'bold', offset: 12, length: 5 }],
      buttons: [],
    });
  });
});
