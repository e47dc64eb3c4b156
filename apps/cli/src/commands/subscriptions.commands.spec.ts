import { recert as recertAt, ServiceStub } from '../service-stub';

const n8n = {
  ...{
    id: 's1',
    name: 'n8n',
    url: 'https://recert:geheim@n8n.example.org/webhook/recert',
    state: 'active',
    waiting: 2,
  },
  ...{ subjects: ['alert.*', 'kpi.received'], failingSince: null, lastError: null },
};
const delivery = { id: 'd1', state: 'sent', attempts: 1, status: 200, error: null };

describe('subscriptions', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string) => recertAt(line, { RECERT_URL: url });
  const tested = (...seen: object[]) => {
    stub.answer('POST /api/subscriptions/s1/test', 202, [{ delivery: 'd1' }]);
    const older = { ...delivery, id: 'd0' };
    stub.answer(
      'GET /api/subscriptions/s1/deliveries',
      200,
      seen.map((of) => ({ items: [of, older], next: null })),
    );
  };

  it('are listed with what fails, and without the passwords of their addresses', async () => {
    const failing = { failingSince: '2026-11-27T08:00:00.000Z', lastError: { at: 'x', error: 'it answered 500' } };
    stub.answer('GET /api/subscriptions', 200, [{ items: [{ ...n8n, ...failing, state: 'disabled' }], next: null }]);
    expect((await recert('subscriptions')).out.split('\n')).toEqual([
      'ID  NAME  URL                                     SUBJECTS               STATE     WAITING  FAILING SINCE             LAST ERROR',
      's1  n8n   https://n8n.example.org/webhook/recert  alert.*, kpi.received  disabled  2        2026-11-27T08:00:00.000Z  it answered 500',
      '',
    ]);
  });

  it('are tested: what was sent is looked at until it is answered', async () => {
    tested({ ...delivery, state: 'waiting', attempts: 0 }, { ...delivery, state: 'sending' }, delivery);
    const { code, out } = await recert('subscription test s1');
    expect([code, out]).toEqual([0, 'It arrived, and was answered with 200.\n']);
  });

  it('are said to have refused the test with the reason, though it will be sent again', async () => {
    tested({ ...delivery, state: 'waiting', status: 500, error: 'it answered 500: no' });
    const { code, err } = await recert('subscription test s1');
    expect([code, err]).toEqual([1, 'It did not arrive: it answered 500: no\n']);
  });

  it('are not waited for any longer than was wanted', async () => {
    tested({ ...delivery, state: 'sending' });
    const { code, err } = await recert('subscription test s1 --wait 0');
    expect([code, err]).toEqual([1, 'There is no answer yet; the delivery is d1.\n']);
  });

  it.each(['soon', '-1'])('are not tested with "--wait=%s"', async (wait) => {
    const { code, err } = await recert(`subscription test s1 --wait=${wait}`);
    expect(code).toBe(2);
    expect(err).toContain(`--wait "${wait}" is no number of seconds`);
    expect(stub.heard).toEqual([]);
  });

  it('are taken up again', async () => {
    stub.answer('PATCH /api/subscriptions/s1', 200, [n8n]);
    const { code, out } = await recert('subscription enable s1');
    expect([code, out]).toEqual([0, 'n8n is active; 2 wait to be sent.\n']);
    expect(stub.heard[0]!.body).toEqual({ active: true });
  });
});
