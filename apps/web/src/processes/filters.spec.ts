import { filtersOf } from './filters';

const of = (address: string) => filtersOf(new URLSearchParams(address));

describe('the filters in an address', () => {
  it('are what the API takes', () => {
    expect(of('q=hire&status=due&owner=ada&documented=false&sort=nextDueAt&order=desc')).toEqual({
      q: 'hire',
      status: 'due',
      owner: 'ada',
      documented: 'false',
      sort: 'nextDueAt',
      order: 'desc',
    });
  });

  it('are left out where they are empty or make no sense', () => {
    expect(of('q=%20&status=gone&documented=maybe&sort=colour&order=up&other=1')).toEqual({});
    expect(of('')).toEqual({});
  });
});
