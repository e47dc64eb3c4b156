import { configuration } from './nats-server';

describe('the configuration of nats-server', () => {
  it.each([
    ['2.9.25', false],
    ['2.10.0', true],
    ['2.14.6', true],
    ['3.0.0', true],
  ])('of version %s syncs every message: %s', (version, syncs) => {
    expect(configuration({ storeDir: '/store', version }).includes('sync_interval: always')).toBe(syncs);
  });
});
