import { type Alert, UNHEARD_MS, wakeOf } from './alert';
import { after, alertOf, HOUR, MINUTE, signCommand, START } from './alert-examples';
import { decideAlert } from './decide-alert';
import { type AlertCommand, type Decision } from './decision';

const NEW_ID = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d99';
const OUTAGE = { id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d55', startedAt: START };
const decide = (known: Alert | null, command: AlertCommand, now: Date): Decision =>
  decideAlert(known, command, { now, newId: NEW_ID });
/** The alert after a command that must change it. */
const changed = (decision: Decision): Alert => {
  if (decision.type === 'nothing') throw new Error(`Nothing changed: ${decision.reason}`);
  return decision.alert;
};
const levelOf = (decision: Decision): unknown => (decision.type === 'raised' ? decision.level : decision.type);
const by = (at: Date) => ({ by: 'carol', at });

const acknowledged = alertOf({
  status: 'acknowledged',
  version: 2,
  acknowledgedBy: 'carol',
  acknowledgedAt: after(MINUTE),
});
const snoozed = (until: Date | null) => alertOf({ ...acknowledged, status: 'snoozed', snoozedUntil: until });
const resolved = changed(decide(alertOf(), signCommand(after(HOUR), { status: 'resolved' }), after(HOUR)));

describe('signs that fire', () => {
  it('raise a new alert as a message of its own', () => {
    const decision = decide(null, signCommand(after(5), { at: START }), after(7));
    expect(levelOf(decision)).toBe(1);
    expect(changed(decision)).toMatchObject({ id: NEW_ID, version: 1, status: 'firing', count: 1, level: 1 });
    expect(changed(decision)).toMatchObject({ startedAt: START, lastAt: after(5), saidAt: after(7) });
  });

  it('count up without a message of their own, in a growing version', () => {
    const decision = decide(alertOf(), signCommand(after(MINUTE)), after(MINUTE));
    expect(levelOf(decision)).toBe(0);
    expect(changed(decision)).toMatchObject({ version: 2, count: 2, lastAt: after(MINUTE), level: 1, saidAt: START });
  });

  it('leave an acknowledged alert quiet', () => {
    const decision = decide(acknowledged, signCommand(after(HOUR)), after(HOUR));
    expect(levelOf(decision)).toBe(0);
    expect(changed(decision)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'carol', count: 2 });
  });

  it('are said again when they have become critical, whoever had acknowledged less', () => {
    for (const known of [alertOf({ severity: 'warning' }), { ...acknowledged, severity: 'warning' as const }]) {
      const decision = decide(known, signCommand(after(HOUR)), after(HOUR));
      expect(levelOf(decision)).toBe(1);
      expect(changed(decision)).toMatchObject({ status: 'firing', severity: 'critical', acknowledgedBy: null });
    }
  });

  it('of no known severity leave the one that is known, and are a warning at first', () => {
    expect(changed(decide(alertOf(), signCommand(after(1), { severity: null }), after(1))).severity).toBe('critical');
    expect(changed(decide(null, signCommand(after(1), { severity: null }), after(1))).severity).toBe('warning');
  });

  it('keep the reason and the link that an earlier sign gave', () => {
    const known = alertOf({ detail: 'The check failed: status code 503.', link: 'https://acme.example.org/4200' });
    expect(changed(decide(known, signCommand(after(1)), after(1)))).toMatchObject({
      detail: known.detail,
      link: known.link,
    });
  });

  it('open another alert after the end of one', () => {
    const decision = decide(resolved, signCommand(after(2 * HOUR)), after(2 * HOUR));
    expect(changed(decision)).toMatchObject({ id: NEW_ID, version: 1, count: 1, startedAt: after(2 * HOUR) });
    expect(levelOf(decision)).toBe(1);
  });

  it.each([
    ['just before', HOUR - 1, 'nothing'],
    ['at', HOUR, 1],
    ['just after', HOUR + 1, 1],
  ])('about %s the end of an alert open another one only from its end on', (_when, ms, expected) => {
    expect(levelOf(decide(resolved, signCommand(after(3 * HOUR), { at: after(ms) }), after(3 * HOUR)))).toBe(expected);
  });

  it('that are late change neither severity nor title of what is open', () => {
    const known = alertOf({ severity: 'warning', signAt: after(HOUR) });
    const late = signCommand(after(2 * HOUR), { at: after(HOUR - 1), title: 'Another title' });
    const decision = decide(known, late, after(2 * HOUR));
    expect(levelOf(decision)).toBe(0);
    expect(changed(decision)).toMatchObject({ severity: 'warning', title: known.title, count: 2, signAt: after(HOUR) });
  });

  it('of a clock that is ahead count from when they were received', () => {
    const decision = decide(null, signCommand(after(5), { at: after(HOUR) }), after(5));
    expect(changed(decision)).toMatchObject({ startedAt: after(5), signAt: after(5) });
  });

  it.each([
    ['acknowledged', acknowledged, 1],
    ['snoozed until it recovers', snoozed(null), 1],
    ['snoozed until a time', snoozed(after(9 * HOUR)), 0],
  ])('after a recovery that nobody told of, of an alert that is %s, are said accordingly', (_state, known, level) => {
    const again = (at: Date) => decide(known, signCommand(after(2 * HOUR), { again: true, at }), after(2 * HOUR));
    expect(levelOf(again(after(MINUTE + 1)))).toBe(level);
    expect(levelOf(again(after(MINUTE)))).toBe(0);
  });
});

describe('signs that begin again what still seems to fire', () => {
  it.each([
    ['just before', UNHEARD_MS - 1, 0],
    ['at', UNHEARD_MS, 1],
    ['just after', UNHEARD_MS + 1, 1],
  ])('%s a quarter of an hour since its last sign are said from there on', (_when, ms, level) => {
    const known = alertOf({ level: 3, saidAt: START });
    const decision = decide(known, signCommand(after(HOUR), { again: true, at: after(ms) }), after(HOUR));
    expect(levelOf(decision)).toBe(level);
    expect(levelOf(decide(known, signCommand(after(HOUR), { at: after(ms) }), after(HOUR)))).toBe(0);
  });
});

describe('an end', () => {
  it('gives who and when', () => {
    const command = signCommand(after(HOUR + 5), { status: 'resolved', at: after(HOUR), by: 'Ada' });
    const decision = decide(acknowledged, command, after(HOUR + 9));
    expect(decision.type).toBe('resolved');
    expect(changed(decision)).toMatchObject({
      version: 3,
      resolvedAt: after(HOUR),
      resolvedBy: 'Ada',
      startedAt: START,
    });
  });

  it('ends a snooze, whether it had a time or not', () => {
    for (const known of [snoozed(null), snoozed(after(9 * HOUR))]) {
      const over = changed(decide(known, signCommand(after(HOUR), { status: 'resolved' }), after(HOUR)));
      expect(over).toMatchObject({ status: 'resolved', snoozedUntil: null });
      expect(wakeOf(over)).toBeNull();
    }
  });

  it.each([
    ['just before', HOUR - 1, 'nothing'],
    ['at', HOUR, 'resolved'],
    ['just after', HOUR + 1, 'resolved'],
  ])('that speaks of %s the newest sign ends the alert only from there on', (_when, ms, expected) => {
    const known = alertOf({ signAt: after(HOUR) });
    const end = signCommand(after(3 * HOUR), { status: 'resolved', at: after(ms) });
    expect(levelOf(decide(known, end, after(3 * HOUR)))).toBe(expected);
  });

  it('by a person holds against a sign from before it', () => {
    const over = changed(decide(alertOf(), { type: 'resolve', ...by(after(HOUR)) }, after(HOUR)));
    expect(over).toMatchObject({ resolvedBy: 'carol', resolvedAt: after(HOUR) });
    const late = signCommand(after(2 * HOUR), { at: after(HOUR - 1) });
    expect(decide(over, late, after(2 * HOUR)).type).toBe('nothing');
  });

  it('never lies before the beginning', () => {
    const over = changed(decide(alertOf(), { type: 'resolve', ...by(after(-1)) }, after(HOUR)));
    expect(over.resolvedAt).toEqual(START);
  });

  it('of what nobody knows changes nothing', () => {
    expect(decide(null, signCommand(START, { status: 'resolved' }), START)).toEqual({
      type: 'nothing',
      reason: 'nobody knows this alert',
    });
  });
});

describe('what people and sources do about it', () => {
  it('an acknowledgement names who, at the source too', () => {
    const pressed = decide(alertOf(), { type: 'acknowledge', ...by(after(MINUTE)) }, after(MINUTE));
    expect(levelOf(pressed)).toBe(0);
    expect(changed(pressed)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'carol', version: 2 });
    const assigned = signCommand(after(HOUR), { status: 'acknowledged', by: 'Ada' });
    expect(changed(decide(alertOf(), assigned, after(HOUR)))).toMatchObject({ acknowledgedBy: 'Ada' });
  });

  it('a second acknowledgement by the same person changes nothing', () => {
    expect(decide(acknowledged, { type: 'acknowledge', ...by(after(HOUR)) }, after(HOUR)).type).toBe('nothing');
    const other = decide(acknowledged, { type: 'acknowledge', by: 'bob', at: after(HOUR) }, after(HOUR));
    expect(changed(other)).toMatchObject({ acknowledgedBy: 'bob' });
  });

  it('an assignment from before this alert is about another one', () => {
    const assigned = (ms: number) => signCommand(after(HOUR), { status: 'acknowledged', by: 'Ada', at: after(ms) });
    expect(decide(alertOf(), assigned(-1), after(HOUR)).type).toBe('nothing');
    expect(decide(alertOf(), assigned(0), after(HOUR)).type).toBe('raised');
  });

  it.each([
    ['before', HOUR - 1, 'nothing'],
    ['at', HOUR, 'nothing'],
    ['after', HOUR + 1, 0],
  ])('a snooze that ends just %s now is taken only while it lasts', (_when, ms, expected) => {
    const order = { type: 'snooze', ...by(START), until: after(ms) } as const;
    expect(levelOf(decide(alertOf(), order, after(HOUR)))).toBe(expected);
  });

  it('a snooze that ends while it fires says so again, to the millisecond', () => {
    const known = snoozed(after(HOUR));
    expect(wakeOf(known)).toEqual(after(HOUR));
    expect(decide(known, { type: 'tick' }, after(HOUR - 1)).type).toBe('nothing');
    const ended = decide(known, { type: 'tick' }, after(HOUR));
    expect(levelOf(ended)).toBe(1);
    expect(changed(ended)).toMatchObject({ status: 'firing', acknowledgedBy: null, snoozedUntil: null });
    expect(wakeOf(changed(ended))).toEqual(after(HOUR + UNHEARD_MS));
  });

  it('a snooze at the source lasts until it recovers', () => {
    const known = changed(decide(alertOf(), signCommand(after(HOUR), { status: 'snoozed', by: 'Ada' }), after(HOUR)));
    expect(known).toMatchObject({ status: 'snoozed', snoozedUntil: null, acknowledgedBy: 'Ada' });
    expect(wakeOf(known)).toBeNull();
  });
});

describe('a critical alert that nobody acknowledges', () => {
  it('is raised again after 15 minutes, to all admins after 15 more, and then never', () => {
    let alert = alertOf();
    for (const [minutes, level] of [
      [15, 2],
      [30, 3],
    ] as const) {
      expect(wakeOf(alert)).toEqual(after(minutes * MINUTE));
      expect(decide(alert, { type: 'tick' }, after(minutes * MINUTE - 1)).type).toBe('nothing');
      const decision = decide(alert, { type: 'tick' }, after(minutes * MINUTE));
      expect(levelOf(decision)).toBe(level);
      alert = changed(decision);
    }
    expect(wakeOf(alert)).toBeNull();
    expect(decide(alert, { type: 'tick' }, after(1000 * HOUR)).type).toBe('nothing');
  });

  it('goes one level at a time after a long sleep', () => {
    const second = changed(decide(alertOf(), { type: 'tick' }, after(10 * HOUR)));
    expect(second.level).toBe(2);
    expect(wakeOf(second)).toEqual(after(10 * HOUR + UNHEARD_MS));
  });

  it.each([
    ['acknowledged', acknowledged],
    ['only a warning', alertOf({ severity: 'warning' })],
    ['held', alertOf({ heldBy: OUTAGE.id, level: 0, saidAt: null })],
  ])('is left alone when it is %s', (_why, alert) => {
    expect(wakeOf(alert)).toBeNull();
    expect(decide(alert, { type: 'tick' }, after(1000 * HOUR)).type).toBe('nothing');
  });
});

describe('holding back what an outage explains', () => {
  const during = (ms: number, changes = {}) =>
    decide(
      null,
      signCommand(after(HOUR), { kind: 'error', at: after(ms), ...changes }, { outage: OUTAGE }),
      after(HOUR),
    );

  it.each([
    ['just before', -1, 1],
    ['with', 0, 0],
    ['just after', 1, 0],
  ])('an error that begins %s the outage is held only from its beginning on', (_when, ms, level) => {
    const decision = during(ms);
    expect(levelOf(decision)).toBe(level);
    expect(changed(decision).heldBy).toBe(level === 0 ? OUTAGE.id : null);
  });

  it.each(['uptime', 'metric', 'cron', 'other'] as const)('never holds an alert of the kind %s', (kind) => {
    expect(levelOf(during(1, { kind }))).toBe(1);
  });

  it('keeps it silent, even when it gets worse, and says it when the outage is over', () => {
    const held = changed(during(1, { severity: 'warning' }));
    const worse = decide(held, signCommand(after(2 * HOUR), { kind: 'error', severity: 'critical' }), after(2 * HOUR));
    expect(levelOf(worse)).toBe(0);
    const released = decide(changed(worse), { type: 'release' }, after(3 * HOUR));
    expect(levelOf(released)).toBe(1);
    expect(changed(released)).toMatchObject({ heldBy: null, saidAt: after(3 * HOUR) });
  });

  it('does not wake what somebody has acknowledged meanwhile', () => {
    const held = { ...acknowledged, heldBy: OUTAGE.id, level: 0 as const, saidAt: null };
    expect(levelOf(decide(held, { type: 'release' }, after(HOUR)))).toBe(0);
  });
});
