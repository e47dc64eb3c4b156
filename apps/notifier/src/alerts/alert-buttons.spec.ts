import { ALERT_ACTIONS, ALERT_BUTTON, newNonce, type Presser, refusalOf, wishOf } from './alert-buttons';

const now = new Date('2026-11-21T09:14:00.000Z');
const carol: Presser = { handle: 'carol', isActive: true, isAdmin: true, isOfProduct: false };
const pressed = { status: 'firing', acknowledgedBy: null, wish: null, presser: carol } as const;

describe('the button of an alert', () => {
  it('carries 128 bits and its action, and nothing else is one', () => {
    for (const action of ALERT_ACTIONS) expect(ALERT_BUTTON.exec(`${newNonce()}:${action}`)?.[2]).toBe(action);
    expect(Buffer.from(newNonce(), 'base64url')).toHaveLength(16);
    for (const data of ['', `${newNonce()}:correct`, `${newNonce()}:resolve `, 'short:resolve']) {
      expect(ALERT_BUTTON.test(data)).toBe(false);
    }
  });

  it.each([
    ['acknowledge', 'acknowledge', null],
    ['resolve', 'resolve', null],
    ['snooze', 'snooze', null],
    ['snooze-1h', 'snooze', '2026-11-21T10:14:00.000Z'],
    ['snooze-4h', 'snooze', '2026-11-21T13:14:00.000Z'],
  ] as const)('%s asks for %s until %s', (action, wish, until) => {
    expect(wishOf(action, now)).toEqual({ action: wish, until });
  });

  it('counts when an admin presses it, or somebody of the product', () => {
    expect(refusalOf(pressed, 'resolve', now)).toBeNull();
    expect(
      refusalOf({ ...pressed, presser: { ...carol, isAdmin: false, isOfProduct: true } }, 'resolve', now),
    ).toBeNull();
  });

  it.each([
    ['nobody who is linked', null],
    ['somebody who was switched off', { ...carol, isActive: false }],
    ['somebody else', { ...carol, isAdmin: false }],
  ])('does not count when %s presses it', (_who, presser) => {
    expect(refusalOf({ ...pressed, presser }, 'resolve', now)).toEqual(expect.any(String));
  });

  it('does not count once the alert is over, nor to acknowledge what is acknowledged', () => {
    expect(refusalOf({ ...pressed, status: 'resolved' }, 'snooze', now)).toBe('This alert is over already.');
    const taken = { ...pressed, status: 'acknowledged', acknowledgedBy: 'Dave' } as const;
    expect(refusalOf(taken, 'acknowledge', now)).toBe('Dave has acknowledged it already.');
    expect(refusalOf(taken, 'resolve', now)).toBeNull();
  });

  it('counts once, and again only when what came of it does not show for a minute', () => {
    const ago = (ms: number) => ({ action: 'resolve', by: 'Dave', at: new Date(now.getTime() - ms) });
    expect(refusalOf({ ...pressed, wish: ago(59_999) }, 'resolve', now)).toBe('Dave has pressed this already.');
    expect(refusalOf({ ...pressed, wish: ago(60_000) }, 'resolve', now)).toBeNull();
    expect(refusalOf({ ...pressed, wish: ago(1) }, 'snooze', now)).toBeNull();
  });
});
