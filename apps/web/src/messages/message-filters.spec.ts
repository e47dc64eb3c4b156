import { messageFiltersOf } from './message-filters';

const of = (address: string) => messageFiltersOf(new URLSearchParams(address));

describe('the filters of messages in an address', () => {
  it('are what the API takes', () => expect(of('state=failed&to=ada')).toEqual({ state: 'failed', to: 'ada' }));

  it('are left out where they are empty or make no sense', () => {
    expect(of('state=lost&to=%20')).toEqual({});
    expect(of('')).toEqual({});
  });
});
