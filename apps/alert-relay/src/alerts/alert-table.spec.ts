import fc from 'fast-check';
import { type SignStatus } from '../sources/sign';
import { type Alert, wakeOf } from './alert';
import { MINUTE, signCommand, START } from './alert-examples';
import { ALERT_TABLE, type AlertState, type CommandName } from './alert-table';
import { decideAlert } from './decide-alert';
import { type AlertCommand, type Decision } from './decision';

const NEW_ID = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d99';
const OUTAGE = { id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d55', startedAt: START };
const decide = (known: Alert | null, command: AlertCommand, now: Date): Decision =>
  decideAlert(known, command, { now, newId: NEW_ID });

describe('the table of the life of an alert', () => {
  const statuses: SignStatus[] = ['firing', 'resolved', 'acknowledged', 'snoozed', 'note'];
  /** A time near now, so that many of them are equal. */
  const offset = fc.integer({ min: -20, max: 20 });
  const sign = fc.record({
    status: fc.constantFrom(...statuses, 'firing' as const, 'firing' as const),
    kind: fc.constantFrom('uptime' as const, 'error' as const),
    severity: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const, null),
  });
  type Given = (now: Date) => AlertCommand;
  const near = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * MINUTE);
  const signs = fc
    .tuple(sign, fc.boolean(), fc.boolean(), fc.option(offset))
    .map(([facts, isAgain, isOutage, minutes]): Given => (now) => {
      const at = minutes === null ? null : near(now, minutes);
      const given = { ...facts, at, ...(isAgain ? { again: true as const } : {}) };
      return signCommand(now, given, { outage: isOutage ? OUTAGE : null });
    });
  const command: fc.Arbitrary<Given> = fc.oneof(
    signs,
    offset.map((minutes): Given => (now) => ({ type: 'acknowledge', by: 'carol', at: near(now, minutes) })),
    fc.tuple(offset, fc.option(offset)).map(([minutes, end]): Given => (now) => {
      const until = end === null ? null : near(now, end);
      return { type: 'snooze', by: 'carol', at: near(now, minutes), until };
    }),
    offset.map((minutes): Given => (now) => ({ type: 'resolve', by: 'carol', at: near(now, minutes) })),
    fc.constantFrom<Given>(
      () => ({ type: 'release' }),
      () => ({ type: 'tick' }),
    ),
  );
  const nameOf = (given: AlertCommand): CommandName =>
    given.type === 'sign' ? `sign ${given.sign.status}` : given.type;
  const stateOf = (alert: Alert | null): AlertState => alert?.status ?? 'unknown';

  it('is never left, whatever comes in whatever order and time, and all of it is reached', () => {
    const seen = new Set<string>();
    const story = fc.array(fc.tuple(command, fc.integer({ min: 0, max: 8 })), { minLength: 5, maxLength: 20 });
    fc.assert(
      fc.property(story, (steps) => {
        let alert: Alert | null = null;
        let now = START;
        for (const [give, minutes] of steps) {
          now = near(now, minutes);
          const given = give(now);
          const from = stateOf(alert);
          const decision = decide(alert, given, now);
          const next: Alert | null = decision.type === 'nothing' ? alert : decision.alert;
          expect(ALERT_TABLE[from][nameOf(given)]).toContain(stateOf(next));
          if (next !== null) expectSound(alert, next, decision);
          seen.add(`${from}, ${nameOf(given)}: ${stateOf(next)}`);
          alert = next;
        }
      }),
      { numRuns: 2500, seed: 1 },
    );
    const promised = Object.entries(ALERT_TABLE).flatMap(([from, row]) =>
      Object.entries(row).flatMap(([name, targets]) => targets.map((to) => `${from}, ${name}: ${to}`)),
    );
    expect(promised.filter((transition) => !seen.has(transition))).toEqual([]);
  });

  function expectSound(before: Alert | null, next: Alert, decision: Decision): void {
    const isOver = next.status === 'resolved';
    expect(next.resolvedAt !== null).toBe(isOver);
    expect(isOver && wakeOf(next) !== null).toBe(false);
    if (next.resolvedAt !== null) expect(next.resolvedAt.getTime()).toBeGreaterThanOrEqual(next.startedAt.getTime());
    expect(next.snoozedUntil === null || next.status === 'snoozed').toBe(true);
    if (decision.type === 'nothing') return;
    if (before?.status === 'resolved') expect(next.version).toBe(1);
    else expect(next.version).toBe((before?.version ?? 0) + 1);
    if (decision.type === 'raised' && decision.level > 0) {
      expect(next).toMatchObject({ status: 'firing', heldBy: null, level: decision.level });
    }
  }
});
