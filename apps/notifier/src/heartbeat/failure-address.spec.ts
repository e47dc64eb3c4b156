import { failureAddress } from './failure-address';

describe('where a failure is told', () => {
  it.each([
    ['https://hc-ping.com/5e0a1b6c', 'https://hc-ping.com/5e0a1b6c/fail'],
    ['https://hc-ping.com/key/recert/?create=1', 'https://hc-ping.com/key/recert/fail?create=1'],
    ['http://127.0.0.1:8000/ping/5e0a1b6c', 'http://127.0.0.1:8000/ping/5e0a1b6c/fail'],
    [
      'https://kuma.example.org/api/push/abc123?status=up&msg=OK&ping=',
      'https://kuma.example.org/api/push/abc123?status=down&msg=bus+is+away&ping=',
    ],
    ['https://example.org/alive', null],
    ['https://example.org/ping', null],
  ])('%s: %s', (address, failure) => {
    expect(failureAddress(address, 'bus is away')).toBe(failure);
  });
});
