import { productCreated, ProductRegistered } from '@recert/contracts';
import { reason } from '../fixtures/a-process';
import { aProduct } from '../fixtures/a-product';
import {
  handedOver,
  historyOfProduct,
  meaningForProcesses,
  patched,
  productIdOf,
  scopesOf,
  toProductRegistered,
  toProductView,
} from './product';

describe('the id of a product', () => {
  it.each([
    ['Lugha', 'lugha'],
    ['  Lugha & Söhne 2 ', 'lugha-and-sohne-2'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['x'.repeat(61), 'x'.repeat(60)],
    [`${'x'.repeat(59)} tail`, 'x'.repeat(59)],
  ])('is the slug of "%s": %s', (name, id) => expect(productIdOf(name)).toBe(id));

  it.each(['!!!', '日本語', '🦊', '- -'])('cannot be made of "%s"', (name) => expect(productIdOf(name)).toBeNull());
});

describe('a product', () => {
  const product = aProduct({ url: 'https://lugha.example.org' });

  it('opens its own KPIs and every source of alerts with its token', () => {
    expect(scopesOf('lugha')).toEqual([
      ...['kpi:lugha', 'alerts:generic', 'alerts:alertmanager', 'alerts:grafana', 'alerts:uptime-kuma'],
    ]);
  });

  it('is shown and announced as the contracts say', () => {
    const view = toProductView(product, 'https://recert.example.org');
    expect(view.hooks).toEqual({
      kpi: 'https://recert.example.org/hooks/kpi/lugha',
      alerts: 'https://recert.example.org/hooks/alerts/generic',
      sentry: 'https://recert.example.org/hooks/sentry',
    });
    expect(productCreated.parse({ ...view, tokenId: 'x', token: 'y' })).toEqual({ ...view, tokenId: 'x', token: 'y' });
    const announced = toProductRegistered(product);
    expect(ProductRegistered.schema.parse(announced)).toEqual(announced);
  });

  it('changes in the fields that a patch names, and loses those that are null', () => {
    const week = { timezone: 'Africa/Nairobi', dueBy: 'tue 09:00' };
    expect(patched(product, { owner: 'ada', url: null, admins: ['bob', 'bob'] }, week)).toEqual({
      ...product,
      ...{ owner: 'ada', url: null, admins: ['bob'], week },
    });
    expect(patched(product, { repository: 'https://x.org/y', active: false }, product.week)).toEqual({
      ...product,
      ...{ repository: 'https://x.org/y', active: false },
    });
  });

  it.each([
    ['its owner', 'grace', 'ada', { owner: 'ada', admins: ['carol'] }],
    ['one of its admins', 'carol', 'ada', { owner: 'grace', admins: [] }],
    ['a stranger', 'eve', 'ada', { owner: 'grace', admins: ['carol'] }],
    ['its owner with no heir', 'grace', null, { owner: 'grace', admins: ['carol'] }],
  ])('is handed over when %s leaves', (_who, leaver, heir, after) => {
    expect(handedOver(product, leaver, heir)).toEqual({ ...product, ...after });
  });

  it('leaves a row in the history for each field: when it is new, for each that is set', () => {
    const rows = historyOfProduct(null, product, reason).map((row) => [row.field, row.old, row.new]);
    expect(rows).toEqual([
      ['product lugha name', null, 'Lugha'],
      ['product lugha owner', null, 'grace'],
      ['product lugha admins', null, 'carol'],
      ['product lugha url', null, 'https://lugha.example.org'],
      ['product lugha timezone', null, 'Europe/Berlin'],
      ['product lugha dueBy', null, 'mon 12:00'],
      ['product lugha active', null, 'true'],
    ]);
    const changed = historyOfProduct(product, { ...product, owner: 'ada', url: null, admins: [] }, reason);
    expect(changed).toEqual([
      { ...reason, processId: null, person: null, field: 'product lugha owner', old: 'grace', new: 'ada' },
      expect.objectContaining({ field: 'product lugha admins', old: 'carol', new: null }),
      expect.objectContaining({ field: 'product lugha url', old: 'https://lugha.example.org', new: null }),
    ]);
    expect(historyOfProduct(product, { ...product, version: 2 }, reason)).toEqual([]);
  });

  it.each([
    ['its name', { name: 'Kuhama' }],
    ['its owner', { owner: 'ada' }],
    ['its admins', { admins: [] }],
    ['its end', { active: false }],
  ])('means something else for processes with %s', (_what, change) => {
    expect(meaningForProcesses([{ ...product, ...change }])).not.toBe(meaningForProcesses([product]));
  });

  it('means the same for processes whatever else it is, or once it is not active', () => {
    expect(meaningForProcesses([{ ...product, url: null, version: 9 }])).toBe(meaningForProcesses([product]));
    expect(meaningForProcesses([{ ...product, active: false }])).toBe(meaningForProcesses([]));
  });
});
