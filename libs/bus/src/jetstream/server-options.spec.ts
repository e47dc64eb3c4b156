import { serverOptions } from './server-options';

describe('the url of a NATS server', () => {
  it.each([
    ['nats://127.0.0.1:4222', { servers: '127.0.0.1:4222' }],
    ['nats://bus.example.org', { servers: 'bus.example.org' }],
    ['nats://[::1]:4222', { servers: '[::1]:4222' }],
    ['nats://registry:secret@nats:4222', { servers: 'nats:4222', user: 'registry', pass: 'secret' }],
    ['nats://kpi-ingest:a%40b%3Ac@nats', { servers: 'nats', user: 'kpi-ingest', pass: 'a@b:c' }],
    ['nats://only-a-token@nats:4222', { servers: 'nats:4222', token: 'only-a-token' }],
    ['tls://registry:secret@nats:4222', { servers: 'nats:4222', user: 'registry', pass: 'secret', tls: {} }],
  ])('%s', (url, options) => {
    expect(serverOptions(url)).toEqual(options);
  });
});
