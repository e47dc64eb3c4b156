/** One line about one KPI, as it stands in the message of a week. */
import { type KpiFigure } from '@recert/contracts';
import { type Part } from '../messages/rich-text';
import { numberText, percentText, signedText, withUnit } from './number-text';
import { shortName } from '../questions/sentences';

/** Marks what stands between two names, and never in one. */
const SEPARATOR = ' · ';

/** Name, value and what it was before, such as `signups: 12 · +3 (+33%) on last week · target 10 met`. */
export function figureLine(figure: KpiFigure, isCorrected: boolean): Part[] {
  const facts = [
    withUnit(numberText(figure.value), unitOf(figure)),
    ...changes(figure),
    ...(figure.target === null ? [] : [targetText(figure, figure.target)]),
    ...(isCorrected ? ['corrected'] : []),
  ];
  return [{ text: kpiName(figure.name), style: 'bold' }, { text: `: ${facts.join(SEPARATOR)}` }];
}

/** A KPI that was there in the weeks before, and is not in this one. */
export function missingLine(name: string): Part[] {
  return [{ text: kpiName(name), style: 'bold' }, { text: ': not reported this week' }];
}

/** A name of one line; one that shows nothing still stands for something. */
export function kpiName(raw: string): string {
  return shortName(raw) || '(no name)';
}

/** Whether the week's value is as good as its target; null where there is none. */
export function meetsTarget({ value, target, better }: KpiFigure): boolean | null {
  if (target === null) return null;
  return better === 'up' ? value >= target : value <= target;
}

/** Such as `target 10 met`, or `target at most 2% missed` where less is better. */
export function targetText(figure: KpiFigure, target: number): string {
  const most = figure.better === 'down' ? 'at most ' : '';
  return `target ${most}${withUnit(numberText(target), unitOf(figure))} ${meetsTarget(figure) ? 'met' : 'missed'}`;
}

function changes(figure: KpiFigure): string[] {
  const { value, previous, median } = figure;
  if (previous === null && median === null) return [isFirst(figure) ? 'first value' : 'none in the 4 weeks before'];
  const unit = unitOf(figure);
  return [
    previous === null ? 'none last week' : changeText(value, previous, unit, 'last week'),
    ...(median === null ? [] : [changeText(value, median, unit, 'the 4-week median')]),
  ];
}

function changeText(value: number, base: number, unit: string | null, than: string): string {
  const change = signedText(value - base);
  if (change === '0') return `as ${than}`;
  // Of 10% to 12% a reader cannot know which of "+2%" and "+20%" is meant.
  if (unit?.startsWith('%') === true) return `${change} points on ${than}`;
  const percent = percentText(value, base);
  return `${change}${percent === null ? '' : ` (${percent})`} on ${than}`;
}

/** Whether nothing was reported in the weeks that are known, but in this one. */
function isFirst({ series }: KpiFigure): boolean {
  return series.slice(0, -1).every((each) => each.value === null);
}

function unitOf({ unit }: KpiFigure): string | null {
  return unit === null ? null : shortName(unit);
}
