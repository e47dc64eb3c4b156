import { recert as recertAt, ServiceStub } from '../service-stub';

const lugha = {
  ...{ id: 'lugha', name: 'Lugha', owner: 'ada', admins: ['bob', 'carol'], active: true, version: 1 },
  ...{ url: null, repository: null, sentryProject: null },
  week: { timezone: 'Europe/Berlin', dueBy: 'mon 12:00' },
  hooks: { kpi: 'http://x/hooks/kpi/lugha', alerts: 'http://x/hooks/alerts/generic', sentry: 'http://x/hooks/sentry' },
};

describe('products', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string) => recertAt(line, { RECERT_URL: url });

  it('are listed to the last page', async () => {
    const kuhama = { ...lugha, id: 'kuhama', name: 'Kuhama', admins: [], active: false };
    stub.answer('GET /api/products', 200, [
      { items: [kuhama], next: 'more' },
      { items: [lugha], next: null },
    ]);
    expect((await recert('products')).out.split('\n')).toEqual([
      'ID      NAME               OWNER  ADMINS      KPIS DUE',
      'kuhama  Kuhama (inactive)  ada    -           mon 12:00 Europe/Berlin',
      'lugha   Lugha              ada    bob, carol  mon 12:00 Europe/Berlin',
      '',
    ]);
  });

  it('are said to be none', async () => {
    stub.answer('GET /api/products', 200, [{ items: [], next: null }]);
    expect((await recert('products')).out).toBe('There are no products yet.\n');
  });

  it('are registered, and shown with their token and their addresses', async () => {
    stub.answer('POST /api/products', 201, [{ ...lugha, tokenId: 'i', token: 'secret' }]);
    const { code, out } = await recert(
      'product add Lugha --owner ada --admin bob --admin carol --sentry lugha-web --due-by tue --timezone UTC',
    );
    expect(code).toBe(0);
    expect(stub.heard[0]!.body).toEqual({
      ...{ name: 'Lugha', owner: 'ada', admins: ['bob', 'carol'], sentryProject: 'lugha-web' },
      week: { timezone: 'UTC', dueBy: 'tue' },
    });
    expect(out.split('\n')).toEqual([
      'product  lugha',
      'token    secret',
      'kpis     http://x/hooks/kpi/lugha',
      'alerts   http://x/hooks/alerts/generic',
      'sentry   http://x/hooks/sentry',
      'The token is shown this once.',
      '',
    ]);
  });

  it('are not registered without an owner', async () => {
    const { code, err } = await recert('product add Lugha');
    expect([code, err.split('\n')[0], stub.heard]).toEqual([2, 'recert: give an --owner', []]);
  });

  it.each([
    ['deactivate', false, 'Lugha is not active any more.\n'],
    ['activate', true, 'Lugha is active.\n'],
  ])('are switched by %s', async (word, active, out) => {
    stub.answer('PATCH /api/products/lugha', 200, [{ ...lugha, active }]);
    expect(await recert(`product ${word} lugha`)).toEqual({ code: 0, out, err: '' });
    expect(stub.heard[0]!.body).toEqual({ active });
  });

  it('get another token', async () => {
    stub.answer('POST /api/products/lugha/tokens', 201, [{ id: 'i', token: 'secret' }]);
    expect(await recert('product token lugha')).toEqual({ code: 0, out: 'secret\n', err: '' });
  });
});
