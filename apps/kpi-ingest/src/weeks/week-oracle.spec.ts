/** The weeks of every zone that this Node knows, against an oracle that shares nothing with the product. */
import { dayOf, numberOf, readModelConfig, ZoneOracle } from '@recert/testing';
import { type Weekday } from '@recert/recertification';
import { dueAt } from './due-by';
import { lastEndedWeek, weekOf } from './iso-week';

const { isWhole } = readModelConfig();
const zones = Intl.supportedValuesOf('timeZone');
const [FIRST, LAST] = [2024, 2036];

/** Counted one by one from the first Monday of 2024, which is the first of January. */
const weeks = (() => {
  const list: { name: string; monday: number }[] = [];
  let [year, count] = [FIRST, 0];
  for (let monday = numberOf({ year: FIRST, month: 1, day: 1 }); ; monday += 7) {
    const thursdays = dayOf(monday + 3).year;
    if (thursdays > LAST) return list;
    [year, count] = [thursdays, thursdays === year ? count + 1 : 1];
    list.push({ name: `${year}-W${String(count).padStart(2, '0')}`, monday });
  }
})();
/** The first one comes after the last of 2023. */
const nameBefore = new Map(weeks.map(({ name }, i) => [name, weeks[i - 1]?.name ?? '2023-W52']));
const isAtYearsEnd = ({ name }: { name: string }): boolean => /W(01|52|53)$/.test(name);

describe(`the weeks of ${zones.length} zones`, () => {
  const oracles = zones.map((zone) => new ZoneOracle(zone, FIRST - 1, LAST + 1));

  /** At the ends of years and around changes of the clocks all weeks, of the others each its turn. */
  const weeksOf = (oracle: ZoneOracle, turn: number): typeof weeks => {
    const changes = new Set(oracle.changes().map((day) => Math.floor((numberOf(day) - weeks[0]!.monday) / 7)));
    const isNear = (i: number): boolean => changes.has(i) || changes.has(i - 1) || changes.has(i + 1);
    return weeks.filter((week, i) => isWhole || isAtYearsEnd(week) || isNear(i) || i % 13 === turn % 13);
  };

  it('have 53 in 2026 and 2032 alone', () => {
    expect(weeks.filter(({ name }) => name.endsWith('W53')).map(({ name }) => name)).toEqual(['2026-W53', '2032-W53']);
  });

  it('change at the midnight of their zone from Sunday to Monday, to the millisecond', () => {
    const differences: string[] = [];
    oracles.forEach((oracle, turn) => {
      for (const { name, monday } of weeksOf(oracle, turn)) {
        const midnight = oracle.instantOf({ ...dayOf(monday), hour: 0, minute: 0 });
        const before = nameBefore.get(name)!;
        const is = [midnight - 1, midnight].map((at) => weekOf(new Date(at), oracle.zone));
        const ended = lastEndedWeek(new Date(midnight), oracle.zone);
        if (is[0] !== before || is[1] !== name || ended !== before)
          differences.push(`${oracle.zone} ${name}: ${is.join()}`);
      }
    });
    expect(differences.slice(0, 20)).toEqual([]);
  });

  it('are due when the clock of their zone shows it, or has skipped it', () => {
    const differences: string[] = [];
    oracles.forEach((oracle, turn) => {
      for (const [i, { name, monday }] of weeksOf(oracle, turn).entries()) {
        const [days, hour, minute] = [i % 7, [0, 1, 2, 3, 12, 23][i % 6]!, [0, 30, 59][i % 3]!];
        const must = oracle.instantOf({ ...dayOf(monday + 7 + days), hour, minute });
        const is = dueAt(name, { weekday: (days + 1) as Weekday, hour, minute }, oracle.zone).getTime();
        if (is !== must) differences.push(`${oracle.zone} ${name}: ${is}, not ${must}`);
      }
    });
    expect(differences.slice(0, 20)).toEqual([]);
  });
});
