import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

describe('docs/events.md', () => {
  it('says what libs/contracts says', () => {
    const tool = resolve(__dirname, '../../../tools/generate-events-doc.mjs');
    expect(() => execFileSync(process.execPath, [tool, '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});
