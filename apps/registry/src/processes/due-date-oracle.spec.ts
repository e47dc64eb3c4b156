/** The next due date in every zone that this Node knows, against an oracle that shares nothing with the product. */
import { addPeriods, parsePeriod } from '@recert/recertification';
import {
  type CivilDay,
  type CivilTime,
  dayOf,
  monthsLater,
  numberOf,
  readModelConfig,
  ZoneOracle,
} from '@recert/testing';
import { aProcess, certification, rules, states } from '../fixtures/a-process';
import { withNextDue } from './process-calendar';

const { isWhole } = readModelConfig();
const zones = Intl.supportedValuesOf('timeZone');
const [FIRST, LAST] = [2024, 2036];
const MINUTE = 60_000;

/** Months, days and minutes of each period. */
const periods = [
  { text: 'P1D', months: 0, days: 1, minutes: 0 },
  { text: 'P1W', months: 0, days: 7, minutes: 0 },
  { text: 'P1M', months: 1, days: 0, minutes: 0 },
  { text: 'P3M', months: 3, days: 0, minutes: 0 },
  { text: 'P6M', months: 6, days: 0, minutes: 0 },
  { text: 'P1Y', months: 12, days: 0, minutes: 0 },
  { text: 'P2Y', months: 24, days: 0, minutes: 0 },
  { text: 'P1M15D', months: 1, days: 15, minutes: 0 },
  { text: 'PT36H', months: 0, days: 0, minutes: 36 * 60 },
] as const;
type Told = (typeof periods)[number];
const times = [
  { hour: 0, minute: 0 },
  { hour: 0, minute: 30 },
  { hour: 1, minute: 30 },
  { hour: 2, minute: 0 },
  { hour: 2, minute: 30 },
  { hour: 3, minute: 0 },
  { hour: 9, minute: 0 },
  { hour: 23, minute: 59 },
];

/** Each 29 February, 30th and 31st of the years. */
const monthEnds = Array.from({ length: (LAST - FIRST + 1) * 366 }, (_, i) =>
  dayOf(numberOf({ year: FIRST, month: 1, day: 1 }) + i),
).filter(({ year, month, day }) => year <= LAST && (day >= 30 || (month === 2 && day === 29)));

/** Those, and the days around each change of the clocks. */
function specialDays(oracle: ZoneOracle): CivilDay[] {
  const changes = oracle.changes().filter(({ year }) => year >= FIRST && year <= LAST);
  return [...monthEnds, ...[-1, 0, 1].flatMap((by) => changes.map((day) => dayOf(numberOf(day) + by)))];
}

function expected(oracle: ZoneOracle, at: number, { months, days, minutes }: Told, count: number): number {
  if (months === 0 && days === 0) return at + minutes * MINUTE * count;
  const from = oracle.timeAt(at);
  const month = monthsLater(from, months * count);
  const to = { ...from, ...dayOf(numberOf(month) + days * count) };
  return oracle.instantOf(to);
}

function actual(zone: string, at: number, period: Told): number | undefined {
  const state = { ...states.certified, certification: { ...certification, at: new Date(at) } };
  const process = aProcess({ state, triggerPeriod: period.text });
  return withNextDue(process, { ...rules.calendar, zone }).nextDueAt?.getTime();
}

/** Certified on that day, and on the day from which the period leads to it. */
function anchorsOf(day: CivilDay, period: Told): CivilDay[] {
  return [day, monthsLater(dayOf(numberOf(day) - period.days), -period.months)];
}

const shown = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

describe(`the due dates of ${zones.length} zones`, () => {
  const oracles = zones.map((zone) => new ZoneOracle(zone, FIRST - 3, LAST + 3));

  it('are those of the oracle, from each end of a month and each change of the clocks, and to them', () => {
    const differences: string[] = [];
    let asked = 0;
    const ask = (oracle: ZoneOracle, day: CivilDay, time: Omit<CivilTime, keyof CivilDay>, period: Told): void => {
      const at = oracle.instantOf({ ...day, ...time });
      const [is, must] = [actual(oracle.zone, at, period), expected(oracle, at, period, 1)];
      asked += 1;
      if (is !== must) differences.push(`${oracle.zone} ${shown(at)} ${period.text}: ${shown(is)}, not ${shown(must)}`);
    };
    for (const oracle of oracles) {
      let turn = asked;
      for (const day of specialDays(oracle)) {
        // Each day gets its turn of periods and times; all of them with all days is for `npm run models`.
        const turns = isWhole
          ? periods.flatMap((period) => times.map((time) => ({ period, time })))
          : turnOf((turn += 1));
        for (const { period, time } of turns)
          for (const from of anchorsOf(day, period)) ask(oracle, from, time, period);
      }
    }
    expect(differences.slice(0, 20)).toEqual([]);
    expect(asked).toBeGreaterThan(zones.length * (LAST - FIRST + 1) * 15);
  });

  it('stay with their anchor through all the years, month by month', () => {
    const [monthly] = periods.filter(({ text }) => text === 'P1M');
    const parsed = parsePeriod('P1M');
    if (!parsed.ok || monthly === undefined) throw new Error('P1M is a period');
    const differences: string[] = [];
    for (const oracle of oracles) {
      const at = oracle.instantOf({ year: 2024, month: 1, day: 31, hour: 2, minute: 30 });
      for (let count = 1; count < (LAST - FIRST + 1) * 12; count += 1) {
        const is = addPeriods(new Date(at), parsed.period, count, oracle.zone).getTime();
        const must = expected(oracle, at, monthly, count);
        if (is !== must) differences.push(`${oracle.zone} ${count}: ${shown(is)}, not ${shown(must)}`);
      }
    }
    expect(differences.slice(0, 20)).toEqual([]);
  });
});

function turnOf(turn: number): { period: Told; time: (typeof times)[number] }[] {
  return [{ period: periods[turn % periods.length]!, time: times[turn % times.length]! }];
}
