import { recert as recertAt, ServiceStub } from './service-stub';

describe('the command line', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string, environment: Record<string, string> = {}) =>
    recertAt(line, { RECERT_URL: url, ...environment });
  const refuse = (what: string, status: number, problem: object): void =>
    stub.answer(what, status, [{ type: 'about:blank', title: '', status, ...problem }], 'application/problem+json');

  describe('finds the service', () => {
    it('by RECERT_URL with RECERT_TOKEN, whose place RECERT_ADMIN_TOKEN takes', async () => {
      stub.answer('GET /api/people', 200, [{ items: [], next: null }]);
      const both = { RECERT_URL: `${url}/`, RECERT_TOKEN: 'mine', RECERT_ADMIN_TOKEN: 'first' };
      expect(await recert('people', both)).toEqual({ code: 0, out: 'There are no people yet.\n', err: '' });
      await recert('people', { RECERT_ADMIN_TOKEN: 'first' });
      await recert('people');
      expect(stub.heard.map(({ token }) => token)).toEqual(['Bearer mine', 'Bearer first', undefined]);
    });

    it('or says that it does not answer, and what to do', async () => {
      await stub.stop();
      const { code, out, err } = await recert('people');
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toBe(
        `Recert does not answer at ${url} (ECONNREFUSED). Start it with "npm start", or set RECERT_URL to where it runs.\n`,
      );
    });

    it.each([502, 503, 504])('or says that %i came from what stands before it', async (status) => {
      stub.answer('GET /api/people', status, ['<html>bad gateway</html>'], 'text/html');
      const { code, err } = await recert('people');
      expect(code).toBe(3);
      expect(err).toMatch(new RegExp(`^${url} answered ${status}: `));
    });

    it('or says that something else lives there', async () => {
      stub.answer('GET /api/people', 200, ['<html>hello</html>'], 'text/html');
      const { code, err } = await recert('people');
      expect({ code, err }).toEqual({
        code: 3,
        err: `What answers at ${url} is not Recert: set RECERT_URL to where it runs.\n`,
      });
    });

    it('or refuses an address that is none', async () => {
      const { code, err } = await recert('people', { RECERT_URL: 'localhost:3000' });
      expect(code).toBe(2);
      expect(err).toMatch(/^recert: RECERT_URL is "localhost:3000", which is no address: write something like http/);
    });
  });

  describe('says how it is used', () => {
    it('with every command in the help', async () => {
      const { code, out } = await recert('--help');
      expect(code).toBe(0);
      for (const name of ['import', 'ask [ID]', 'dead-letters replay [ID]', 'audit verify', 'RECERT_TOKEN']) {
        expect(out).toContain(name);
      }
      expect(await recert('')).toEqual({ code: 2, out, err: '' });
    });

    it('with the options of one command', async () => {
      const { code, out } = await recert('ask --help');
      expect(code).toBe(0);
      expect(out).toContain('recert ask [ID] [--all] [--section SECTION] [--owner HANDLE]');
      expect(stub.heard).toEqual([]);
    });

    it.each([
      ['fly', 'there is no command "fly": recert --help lists all'],
      ['audit', '"audit" is not a whole command: write recert audit verify or recert audit export'],
      ['process', 'ID is missing'],
      ['process a b', '"b" is too much'],
      ['people --loud', "Unknown option '--loud'"],
      ['processes --status', "Option '--status <value>' argument missing"],
      [
        'processes --status lost',
        '--status "lost" is not one of uncertified, due, updating, overdue, certified, retired',
      ],
      ['audit export --format xml', '--format "xml" is not one of csv, json'],
      ['ask', 'give the ID of a process, or --all'],
      ['ask a --all', 'give an ID or --all, not both'],
      ['ask a --owner ada', '--section and --owner go with --all'],
      ['answer a', 'ANSWER is missing'],
      ['answer a maybe', '"maybe" is no answer: write correct, needs-update, not-mine, later'],
      ['token create ci', 'give at least one --scope'],
      ['import --source a --file b', 'give --source or --file, not both'],
      ['import --file /nowhere/at/all.md', '--file /nowhere/at/all.md cannot be read: ENOENT'],
    ])('when it was called as "%s"', async (line, message) => {
      const { code, out, err } = await recert(line);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err.startsWith(`recert: ${message}`)).toBe(true);
      expect(stub.heard).toEqual([]);
    });
  });

  describe('tells a refusal', () => {
    it('with every wrong field, and the place in the file where there is one', async () => {
      refuse('POST /api/library/import', 422, {
        detail: 'The library cannot be imported.',
        errors: [
          { field: 'owner', message: 'nobody is called @grcae', file: 'docs/processes.md', line: 12 },
          { field: 'source', message: 'not one of LIBRARY' },
        ],
      });
      expect(await recert('import')).toEqual({
        code: 1,
        out: '',
        err: 'Refused (422): The library cannot be imported.\n  docs/processes.md:12: nobody is called @grcae\n  source: not one of LIBRARY\n',
      });
    });

    it('with what to do about a missing token', async () => {
      refuse('GET /api/people', 401, { detail: 'Send a valid token.' });
      const { code, err } = await recert('people');
      expect(code).toBe(1);
      expect(err).toContain('Set RECERT_TOKEN');
    });

    it('also when it is none of ours', async () => {
      const { code, err } = await recert('people');
      expect({ code, err }).toEqual({ code: 1, err: 'Refused (404): Not Found\n' });
    });
  });
});
