import fc from 'fast-check';
import { KEPT_FOR_URGENT, OWN_PER_MINUTE, planAlertMessage, type Taken } from './plan-alert-messages';

const taken = (count: number, of: Partial<Taken> = {}): Taken[] =>
  Array.from({ length: count }, (_, n) => ({ alertId: `a${n}`, isUrgent: false, isWaiting: false, ...of }));
const own = { kind: 'own', instead: null };
const digest = { kind: 'digest' };

describe('the place of an alert', () => {
  it('is a message of its own after quiet', () => {
    expect(planAlertMessage([], false)).toEqual(own);
    expect(planAlertMessage([], true)).toEqual(own);
  });

  it('is one of 8 in a minute, of which 3 are kept for what is urgent', () => {
    expect(planAlertMessage(taken(4), false)).toEqual(own);
    expect(planAlertMessage(taken(5), false)).toEqual(digest);
    expect(planAlertMessage(taken(7), true)).toEqual(own);
    expect(planAlertMessage(taken(8), true)).toEqual(digest);
  });

  it('is among the rest of the 8 once urgent ones have had theirs', () => {
    expect(planAlertMessage([...taken(3, { isUrgent: true }), ...taken(4)], false)).toEqual(own);
    expect(planAlertMessage([...taken(3, { isUrgent: true }), ...taken(5)], false)).toEqual(digest);
  });

  it('is that of the last one that waits and is less urgent', () => {
    const waiting = [...taken(6), { alertId: 'x', isUrgent: false, isWaiting: true }, ...taken(1, { isUrgent: true })];
    expect(planAlertMessage(waiting, true)).toEqual({ kind: 'own', instead: 'x' });
    expect(planAlertMessage(waiting, false)).toEqual(digest);
    expect(planAlertMessage(taken(8, { isUrgent: true, isWaiting: true }), true)).toEqual(digest);
  });
});

interface Message extends Taken {
  readonly sentAt: number | null;
}

const MINUTE_MS = 60_000;
/** Alerts that come so many milliseconds after one another, while the queue sends so often. */
const storms = fc.record({
  alerts: fc.array(fc.record({ afterMs: fc.nat(2000), isUrgent: fc.boolean() }), { minLength: 1, maxLength: 300 }),
  sendEveryMs: fc.integer({ min: 1000, max: 20_000 }),
});

/** Plays a storm: plans each alert as it comes, and sends what waits, the urgent first. */
function play({ alerts, sendEveryMs }: { alerts: { afterMs: number; isUrgent: boolean }[]; sendEveryMs: number }) {
  let messages: Message[] = [];
  const gathered: string[] = [];
  let [now, nextSend] = [0, 0];
  const sendUntil = (until: number): void => {
    for (; nextSend <= until; nextSend += sendEveryMs) {
      const waiting = messages.filter(({ sentAt }) => sentAt === null);
      const next = waiting.find(({ isUrgent }) => isUrgent) ?? waiting[0];
      const at = nextSend;
      messages = messages.map((one) => (one === next ? { ...one, isWaiting: false, sentAt: at } : one));
    }
  };
  alerts.forEach(({ afterMs, isUrgent }, n) => {
    now += afterMs;
    sendUntil(now);
    const counting = messages.filter(({ sentAt }) => sentAt === null || now - sentAt < MINUTE_MS);
    const place = planAlertMessage(counting, isUrgent);
    if (place.kind === 'digest') return void gathered.push(`${n}`);
    if (place.instead !== null) {
      gathered.push(place.instead);
      messages = messages.filter(({ alertId }) => alertId !== place.instead);
    }
    messages.push({ alertId: `${n}`, isUrgent, isWaiting: true, sentAt: null });
  });
  sendUntil(now + 20 * MINUTE_MS);
  return { messages, gathered };
}

describe('a storm', () => {
  it('is at most 8 messages of their own in any minute, however the alerts come', () => {
    fc.assert(
      fc.property(storms, (storm) => {
        const times = play(storm).messages.map(({ sentAt }) => sentAt!);
        for (const from of times) {
          expect(times.filter((at) => at >= from && at < from + MINUTE_MS).length).toBeLessThanOrEqual(OWN_PER_MINUTE);
        }
      }),
    );
  });

  it('loses no alert: each has a message of its own or is in the digest', () => {
    fc.assert(
      fc.property(storms, (storm) => {
        const { messages, gathered } = play(storm);
        const places = [...messages.map(({ alertId }) => alertId), ...gathered];
        expect(new Set(places).size).toBe(storm.alerts.length);
        expect(places).toHaveLength(storm.alerts.length);
      }),
    );
  });

  it('shows the first urgent ones, whatever else comes first', () => {
    fc.assert(
      fc.property(storms, (storm) => {
        const urgent = storm.alerts.flatMap(({ isUrgent }, n) => (isUrgent ? [`${n}`] : [])).slice(0, KEPT_FOR_URGENT);
        const shown = play(storm).messages.map(({ alertId }) => alertId);
        expect(shown).toEqual(expect.arrayContaining(urgent));
      }),
    );
  });
});
