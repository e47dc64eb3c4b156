import { badgeOf, drawBadge } from './badge';

describe('a badge', () => {
  it('says until when a process is certified, or that it is not', () => {
    expect(badgeOf(new Date('2027-11-21T23:59:59.000Z'))).toMatchObject({
      message: 'certified until 2027-11-21',
      colour: 'green',
    });
    expect(badgeOf(null)).toMatchObject({ message: 'not certified', colour: 'orange' });
  });

  it('is one SVG with its words for whoever does not see it', () => {
    const svg = drawBadge(badgeOf(null));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*<\/svg>$/);
    expect(svg).toContain('aria-label="process: not certified"');
  });

  it('holds text only, of a length that fits', () => {
    const svg = drawBadge({ label: '"><script>', message: '&'.repeat(1_000), colour: 'grey' });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('aria-label="&quot;&gt;&lt;script&gt;: ');
    expect(svg.length).toBeLessThan(2_000);
  });
});
