import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsDoc } from './events-doc';
import { allEvents } from './index';

describe('docs/events.md', () => {
  it('says what the contracts say; if not, run: npx tsc -b libs/contracts && node tools/generate-events-doc.mjs', () => {
    const file = join(__dirname, '../../../../docs/events.md');
    expect(readFileSync(file, 'utf8')).toBe(eventsDoc(allEvents));
  });
});
