import { alertFiltersOf, alertQueryOf } from './alert-filters';

const of = (address: string) => alertFiltersOf(new URLSearchParams(address));

describe('the filters of alerts in an address', () => {
  it('are open alerts where nothing is said', () => expect(of('')).toEqual({ show: 'open' }));

  it('are all that the address says', () => {
    expect(of('show=past&product=lugha&source=sentry&severity=info')).toEqual({
      ...{ show: 'past', product: 'lugha', source: 'sentry', severity: 'info' },
    });
  });

  it('are left out where they are empty or make no sense', () => {
    expect(of('show=future&product=%20&source=&severity=fatal')).toEqual({ show: 'open' });
  });

  it('ask for the open ones with the critical ones first, and for the past ones as they came', () => {
    expect(alertQueryOf(of('product=lugha'))).toEqual({ product: 'lugha', status: 'open', first: 'critical' });
    expect(alertQueryOf(of('show=past&severity=info'))).toEqual({ severity: 'info', status: 'resolved' });
  });
});
