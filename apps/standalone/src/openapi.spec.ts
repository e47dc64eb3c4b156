import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiText } from './openapi-text';

describe('the description of the API', () => {
  it('is docs/openapi.json; if not, run: node tools/generate-openapi.mjs', async () => {
    const file = join(__dirname, '../../../docs/openapi.json');
    expect(readFileSync(file, 'utf8')).toBe(await openApiText());
  });
});
