import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTENT_SECURITY_POLICY, PATHS } from './console-pages';

const caddyfile = readFileSync(join(__dirname, '../../../../deploy/caddy/Caddyfile'), 'utf8');

describe('the console behind Caddy', () => {
  it('has the pages that it has in one process', () => {
    const pages = /@pages path (.*)/.exec(caddyfile)?.[1]?.split(' ');
    expect(pages).toEqual(PATHS.map((path) => path.replace(/:\w+/, '*')));
  });

  it('is under the same policy', () => {
    expect(/Content-Security-Policy "([^"]*)"/.exec(caddyfile)?.[1]).toBe(CONTENT_SECURITY_POLICY);
  });
});
