import { recert as recertAt, ServiceStub } from '../service-stub';

const backup = {
  ...{ id: 'nightly-backup', name: 'Nightly backup', service: 'outside', owner: 'ada', state: 'up', trouble: null },
  ...{ lastHeardAt: '2026-11-27T02:04:10.000Z', expectedBy: '2026-11-28T02:00:00.000Z' },
  hook: 'http://x/hooks/tasks/nightly-backup',
};

describe('tasks', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string) => recertAt(line, { RECERT_URL: url });
  const made = () => stub.answer('POST /api/tasks', 201, [{ ...backup, tokenId: 'i', token: 'secret' }]);

  it('are listed to the last page, with what is wrong', async () => {
    const down = { ...backup, id: 'mail', name: 'Mail', owner: null, state: 'down', trouble: { why: 'silent' } };
    const never = { ...down, lastHeardAt: null, expectedBy: null };
    stub.answer('GET /api/tasks', 200, [
      { items: [never], next: 'more' },
      { items: [backup], next: null },
    ]);
    expect((await recert('tasks --state down')).out.split('\n')).toEqual([
      'ID              NAME            SERVICE  OWNER  STATE          LAST HEARD                EXPECTED BY',
      'mail            Mail            outside  -      down (silent)  -                         -',
      'nightly-backup  Nightly backup  outside  ada    up             2026-11-27T02:04:10.000Z  2026-11-28T02:00:00.000Z',
      '',
    ]);
  });

  it('are registered, and shown with their token and their hook', async () => {
    made();
    const { code, out } = await recert(
      'task add Backup --owner ada --cron @daily --timezone UTC --emits a.b --grace PT2H',
    );
    expect(code).toBe(0);
    expect(stub.heard[0]!.body).toEqual({
      ...{ name: 'Backup', owner: 'ada', trigger: { cron: '@daily', timezone: 'UTC' }, emits: ['a.b'], grace: 'PT2H' },
    });
    expect(out.split('\n')).toEqual([
      'task   nightly-backup',
      'token  secret',
      'hook   http://x/hooks/tasks/nightly-backup',
      'The token is shown this once.',
      '',
    ]);
  });

  it.each([
    ['--every daily', { every: 'daily' }],
    ['--event kpi.received', { event: 'kpi.received' }],
    ['--webhook --every PT5M', { webhook: true, every: 'PT5M' }],
    ['--hand', { hand: true }],
  ])('may be triggered by %s', async (options, trigger) => {
    made();
    expect((await recert(`task add Backup --owner ada ${options}`)).code).toBe(0);
    expect(stub.heard[0]!.body).toMatchObject({ trigger });
  });

  it.each([
    ['', 'give one of --every, --cron, --event, --webhook, --hand'],
    ['--cron @daily --every daily', 'give one of --every, --cron, --event, --webhook, --hand'],
    ['--hand --webhook', 'give one of --every, --cron, --event, --webhook, --hand'],
    ['--hand --timezone UTC', '--timezone is for --cron only'],
  ])('are refused with "%s" before anything is sent', async (options, why) => {
    const { code, err } = await recert(`task add Backup --owner ada ${options}`.trim());
    expect(code).toBe(2);
    expect(err).toContain(why);
    expect(stub.heard).toEqual([]);
  });

  it('are reported with the token of the task', async () => {
    stub.answer('POST /hooks/tasks/nightly-backup', 202, [{ id: 'i' }]);
    const { code, out } = await recert('task report nightly-backup fail --log broken');
    expect(code).toBe(0);
    expect(stub.heard[0]!.body).toEqual({ status: 'fail', log: 'broken' });
    expect(out).toBe('nightly-backup: fail is noted.\n');
  });

  it('are not reported with a word that is no status', async () => {
    expect((await recert('task report nightly-backup done')).code).toBe(2);
    expect(stub.heard).toEqual([]);
  });
});
