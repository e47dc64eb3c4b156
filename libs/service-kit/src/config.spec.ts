import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, defineConfig, kitConfig } from './config';

const definition = defineConfig({
  NAME: z.string().describe('Who you are, e.g. Ada'),
  AGE: z.coerce.number().int().min(1).describe('Years, e.g. 36'),
  TOWN: z.string().optional(),
});

const usable = { DATABASE_URL: 'postgres://x', BUS_URL: 'nats://x' };

function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the configuration', () => {
  it('is the parsed environment, with what is optional left out', () => {
    expect(definition.parse({ NAME: 'Ada', AGE: '36', OTHER: 'x' })).toEqual({ NAME: 'Ada', AGE: 36, TOWN: undefined });
  });

  it('names everything that is missing or malformed at once, with the example, and never a value', () => {
    const problems = problemsOf(() => definition.parse({ AGE: 'hunter2' }));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toBe('NAME is missing. Who you are, e.g. Ada');
    expect(problems[1]).toMatch(/^AGE is malformed .*Years, e\.g\. 36$/);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('counts an empty variable as absent', () => {
    expect(problemsOf(() => definition.parse({ NAME: '', AGE: '1' }))).toEqual([
      'NAME is missing. Who you are, e.g. Ada',
    ]);
  });

  it('reads NAME_FILE, without the line end of the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'recert-config-'));
    const file = join(folder, 'name');
    writeFileSync(file, 'Ada\n');
    expect(definition.parse({ NAME_FILE: file, AGE: '36' }).NAME).toBe('Ada');
    rmSync(folder, { recursive: true });
  });

  it.each([
    [undefined, ['loopback']],
    ['uniquelocal', ['uniquelocal']],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ])('believes the proxies %s', (TRUSTED_PROXIES, believed) => {
    expect(kitConfig.parse({ ...usable, TRUSTED_PROXIES }).TRUSTED_PROXIES).toEqual(believed);
  });

  it.each(['everybody', '10.0.0.0/33', '::1/129', '10.0.0.0/8/8', '10.0.0/8', ''])(
    'believes no proxy like "%s"',
    (text) => {
      const parse = (): unknown => kitConfig.parse({ ...usable, TRUSTED_PROXIES: `loopback,${text}` });
      expect(parse).toThrow(/TRUSTED_PROXIES is malformed \(expected loopback, linklocal/);
    },
  );

  it('prefers the variable to its file', () => {
    expect(definition.parse({ NAME: 'Ada', NAME_FILE: '/nowhere', AGE: '36' }).NAME).toBe('Ada');
  });

  it('says so when the file cannot be read', () => {
    expect(problemsOf(() => definition.parse({ NAME_FILE: '/nowhere/at/all', AGE: '36' }))).toEqual([
      'NAME_FILE cannot be read: ENOENT',
    ]);
  });

  it('refuses a bus that is neither NATS nor PostgreSQL, a zone that does not exist, and a short admin token', () => {
    const problems = problemsOf(() =>
      kitConfig.parse({
        DATABASE_URL: 'postgres://x',
        BUS_URL: 'redis://x',
        ORG_TIMEZONE: 'Mars/Olympus',
        RECERT_ADMIN_TOKEN: 'short',
      }),
    );
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['BUS_URL', 'RECERT_ADMIN_TOKEN', 'ORG_TIMEZONE']);
  });
});
