import { compose } from '../messages/rich-text';
import { figure, missed, report, sixFigures } from './kpi-examples';
import { type ProductStanding, standingsText } from './standings-text';

const said = (standings: ProductStanding[]): string => compose(standingsText(standings)).text;
const SIGNUPS = 'signups: 12 · +3 (+33%) on last week · +3.5 (+41%) on the 4-week median · target 10 met';

describe('how all products stand', () => {
  it('is the latest week of each, and what is missing since then', () => {
    expect(
      said([
        { report: report(), missed: null },
        { report: report({ productName: 'Mora' }), missed: missed({ week: '2026-W48' }) },
        { report: null, missed: missed({ productName: 'Nuru' }) },
      ]),
    ).toBe(
      [
        `Lugha, week 47 (16 to 22 November 2026)\n${SIGNUPS}`,
        `Mora, week 47 (16 to 22 November 2026)\n${SIGNUPS}\nWeek 48 is missing.`,
        'Nuru: nothing was ever reported; week 47 is missing.',
      ].join('\n\n'),
    );
  });

  it('shows six KPIs of a product, and counts the others', () => {
    const lines = said([{ report: report({ figures: [...sixFigures, figure()] }), missed: null }]).split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([8, 'and 1 more']);
  });

  it('says when nothing was received', () => {
    expect(said([])).toBe('No KPIs were received yet.');
  });

  it('fits into one message, and counts the products that do not', () => {
    const text = said(Array.from({ length: 60 }, () => ({ report: report(), missed: null })));
    const shown = text.match(/^Lugha/gm)!.length;
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toMatch(new RegExp(`\n\nand ${60 - shown} products more$`));
  });
});
