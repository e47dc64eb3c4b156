import { connectTransport } from './connect-transport';
import { TestLog } from './test-kit/test-log';

describe('the transport of a BUS_URL', () => {
  it.each([
    ['nats://127.0.0.1:4222', 'jetstream'],
    ['tls://nats.example.org', 'jetstream'],
    ['postgres://recert@localhost/recert', 'postgres'],
    ['postgresql://recert@localhost/recert', 'postgres'],
  ])('%s is %s, and is not connected before it is needed', async (url, kind) => {
    const transport = connectTransport(url, 'test', new TestLog());
    expect(transport.kind).toBe(kind);
    expect(transport.health()).toEqual({ ok: false, detail: 'not connected yet' });
    await transport.close();
  });

  it.each(['', 'redis://localhost', 'localhost:4222', 'http://nats://x'])(
    '%p is refused with what it may be',
    (url) => {
      expect(() => connectTransport(url, 'test', new TestLog())).toThrow(
        'BUS_URL must begin with nats:// or postgres://, for example nats://127.0.0.1:4222',
      );
    },
  );
});
