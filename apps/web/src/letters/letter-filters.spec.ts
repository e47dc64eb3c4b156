import { letterFiltersOf } from './letter-filters';

const of = (text: string) => letterFiltersOf(new URLSearchParams(text));

describe('the filters of dead letters', () => {
  it('show what is open, unless the address says otherwise', () => {
    expect(of('')).toEqual({ state: 'open' });
    expect(of('state=replayed')).toEqual({ state: 'replayed' });
    expect(of('state=all')).toEqual({});
    expect(of('state=nonsense')).toEqual({ state: 'open' });
  });

  it('name a service, a rule and an event', () => {
    expect(of('service=notifier&consumer=notifier.ask&subject=%20process.due%20&other=1')).toEqual({
      ...{ state: 'open', service: 'notifier', consumer: 'notifier.ask', subject: 'process.due' },
    });
    expect(of('service=&consumer=%20')).toEqual({ state: 'open' });
  });
});
