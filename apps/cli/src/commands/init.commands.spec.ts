import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recert as recertAt, ServiceStub } from '../service-stub';

const TOKEN = '123456789:AAExample-of-a-bot-token';

describe('recert init', () => {
  let stub: ServiceStub;
  let url: string;
  let folder: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
    folder = mkdtempSync(join(tmpdir(), 'recert-init-'));
    writeFileSync(join(folder, 'processes.md'), '# Processes\n');
  });
  afterEach(async () => {
    await stub.stop();
    rmSync(folder, { recursive: true });
  });

  const init = (typed?: string, options = '') =>
    recertAt(`init --dir ${folder}${options}`, { TELEGRAM_API_ROOT: url }, typed);
  const knowsBot = (): void =>
    stub.answer(`GET /bot${TOKEN}/getMe`, 200, [{ ok: true, result: { username: 'a_bot' } }]);
  const written = (): Record<string, string> =>
    Object.fromEntries(
      readFileSync(join(folder, '.env'), 'utf8')
        .split('\n')
        .filter((line) => /^[A-Z]/.test(line))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );

  it('asks four questions and writes what docker-compose.yml needs, readable for nobody else', async () => {
    knowsBot();
    const library = join(folder, 'processes.md');
    const { code, out, err } = await init(`https://recert.example.org/\n${TOKEN}\n${library}\nEurope/Berlin\n`);
    expect([code, err]).toEqual([0, '']);
    expect(out.match(/\?/g)).toHaveLength(4);
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(written()).toMatchObject({
      PUBLIC_URL: 'https://recert.example.org',
      TELEGRAM_BOT_TOKEN: TOKEN,
      ORG_TIMEZONE: 'Europe/Berlin',
      LIBRARY_FOLDER: folder,
      LIBRARY: '/library/processes.md',
    });
  });

  it('makes each secret of its own, strong, and beginning with a letter', async () => {
    await init('http://localhost\n\n\n\n');
    const secrets = Object.entries(written()).filter(([name]) => /PASSWORD|ADMIN_TOKEN/.test(name));
    expect(secrets.length).toBeGreaterThanOrEqual(12);
    expect(new Set(secrets.map(([, secret]) => secret)).size).toBe(secrets.length);
    for (const [, secret] of secrets) expect(secret).toMatch(/^s[0-9a-f]{48}$/);
  });

  it('names in its file every variable that docker-compose.yml cannot do without', async () => {
    await init('http://localhost\n\n\n\n');
    const compose = readFileSync(join(__dirname, '../../../../docker-compose.yml'), 'utf8');
    const wanted = [...compose.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name!);
    expect(wanted.length).toBeGreaterThan(10);
    expect(Object.keys(written())).toEqual(expect.arrayContaining([...new Set(wanted)]));
  });

  it('asks again what will not do, and says why', async () => {
    knowsBot();
    stub.answer('GET /bot987654321:AAExample-of-a-wrong-token/getMe', 401, [{ ok: false }]);
    const typed = ['recert', 'https://recert.example.org', 'x', '987654321:AAExample-of-a-wrong-token', TOKEN];
    const { code, out } = await init([...typed, '/nowhere', '', 'Mars', 'Asia/Tokyo', ''].join('\n'));
    expect(code).toBe(0);
    expect(out).toContain('"recert" is no address: write something like https://recert.example.org');
    expect(out).toContain('A token looks like');
    expect(out).toContain('Telegram does not know this token');
    expect(out).toContain('There is nothing at /nowhere');
    expect(out).toContain('"Mars" is no time zone');
    expect(written()).toMatchObject({ TELEGRAM_BOT_TOKEN: TOKEN, ORG_TIMEZONE: 'Asia/Tokyo', LIBRARY: '' });
  });

  it('takes the answers as options, for scripts', async () => {
    const library = 'https://git.example.org/processes.git';
    const options = ` --url http://recert.local --telegram-token none --library ${library} --timezone UTC`;
    expect(await init(undefined, options)).toMatchObject({ code: 0, err: '' });
    expect(written()).toMatchObject({ PUBLIC_URL: 'http://recert.local', LIBRARY: library, ORG_TIMEZONE: 'UTC' });
  });

  it.each([
    ['a wrong one', ' --url nonsense', /--url: "nonsense" is no address/],
    ['none, where nobody can be asked', '', /nobody can be asked: give --url/],
  ])('writes nothing for %s', async (_, options, complaint) => {
    const { code, err } = await init(undefined, options);
    expect(code).toBe(2);
    expect(err).toMatch(complaint);
    expect(() => written()).toThrow(/ENOENT/);
  });

  it('writes nothing when the terminal is closed on the way', async () => {
    const { code, err } = await init('https://recert.example.org\n');
    expect(code).toBe(2);
    expect(err).toMatch(/nobody answered: nothing was written/);
    expect(() => written()).toThrow(/ENOENT/);
  });

  it('says that Telegram cannot be reached without the token in it, unless it shall not be asked', async () => {
    await stub.stop();
    const options = ` --url http://localhost --telegram-token ${TOKEN} --library none --timezone UTC`;
    const { code, err } = await init(undefined, options);
    expect(code).toBe(2);
    expect(err).toMatch(/Telegram cannot be reached \(ECONNREFUSED\)\. Try again, or give --unchecked/);
    expect(err).not.toContain(TOKEN);
    expect(await init(undefined, `${options} --unchecked`)).toMatchObject({ code: 0 });
    await stub.start();
  });

  it('leaves an .env that is there as it is', async () => {
    writeFileSync(join(folder, '.env'), 'PUBLIC_URL=mine\n');
    const { code, err } = await init('http://localhost\n\n\n\n');
    expect(code).toBe(1);
    expect(err).toMatch(/is there already, and its secrets with it/);
    expect(written()).toEqual({ PUBLIC_URL: 'mine' });
  });
});

describe('recert admin-link', () => {
  it('prints a link that logs in once', async () => {
    const stub = new ServiceStub();
    const url = await stub.start();
    stub.answer('POST /api/session/link', 201, [{ url: 'https://recert.example.org/login#abc' }]);
    expect(await recertAt('admin-link', { RECERT_URL: url })).toMatchObject({
      code: 0,
      out: 'https://recert.example.org/login#abc   (works once, for 24 hours)\n',
    });
    await stub.stop();
  });
});
