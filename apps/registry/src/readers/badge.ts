/** What a badge says, and whether that is good. */
export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly colour: 'green' | 'orange' | 'grey';
}

const COLOURS: Readonly<Record<Badge['colour'], string>> = { green: '#2b8a3e', orange: '#b35c00', grey: '#5c636a' };
const CHARACTER = 6.6;
const PADDING = 7;
const LONGEST = 60;

/** @param until when it is to be reviewed again; null while it is not certified */
export function badgeOf(until: Date | null): Badge {
  if (until === null) return { label: 'process', message: 'not certified', colour: 'orange' };
  return { label: 'process', message: `certified until ${until.toISOString().slice(0, 10)}`, colour: 'green' };
}

/** A flat badge as READMEs have them: an SVG that asks for nothing from anywhere. */
export function drawBadge({ label, message, colour }: Badge): string {
  const [left, right] = [widthOf(label), widthOf(message)];
  const [said, told] = [escape(label), escape(message)];
  const middle = (from: number, width: number): string => (from + width / 2).toFixed(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${said}: ${told}">`,
    `<title>${said}: ${told}</title>`,
    `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3d4247"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLOURS[colour]}"/></g>`,
    `<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    `<text x="${middle(0, left)}" y="14">${said}</text><text x="${middle(left, right)}" y="14">${told}</text></g></svg>`,
  ].join('');
}

function widthOf(text: string): number {
  return Math.round(Math.min(text.length, LONGEST) * CHARACTER + 2 * PADDING);
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function escape(text: string): string {
  return text.slice(0, LONGEST).replace(/[<>&"]/g, (sign) => ENTITIES[sign]!);
}
