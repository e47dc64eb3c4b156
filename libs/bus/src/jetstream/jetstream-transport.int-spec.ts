import { startNatsServer, TcpProxy } from '@recert/testing';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { envelope, envelopes, Recorder } from '../test-kit/recorder';
import { TestLog } from '../test-kit/test-log';
import { type TransportStore } from '../test-kit/transport-tests';
import { pause, until } from '../test-kit/until';
import { transportSuite } from '../transport-suite';
import { JetStreamTransport } from './jetstream-transport';

const ACK_WAIT_MS = 1_500;
const SILENCE_MS = 2_000;

describe('the jetstream transport', () => {
  const suite = transportSuite(jetStreamStore, ACK_WAIT_MS);

  it('answers no message of a stream that is gone: another one may have its number by now', async () => {
    await suite.store.wipe();
    const late = suite.open();
    let finish: () => void = () => undefined;
    const working = new Promise<void>((resolve) => (finish = resolve));
    const old = new Recorder(async (incoming) => {
      await working;
      incoming.ack();
    });
    // As many as it takes ahead, so that it asks for none of the new stream.
    await late.subscribe(old.subscription('a.late', suite.subject, 1));
    await suite.publish(late, envelopes(suite.subject, 8));
    await old.has(1);
    await pause(200);
    await suite.store.wipe();
    await until('the new stream', () => late.health().ok, 20_000);
    const { transport: killed, sever } = await suite.store.openSeverable();
    let release: () => void = () => undefined;
    const hung = new Promise<void>((resolve) => (release = resolve));
    const held = new Recorder(() => hung);
    await killed.subscribe(held.subscription('a.late', suite.subject, 1));
    await suite.publish(suite.open(), [envelope(suite.subject, 100)]);
    await held.has(1);
    finish();
    await old.has(8);
    await pause(200);
    await sever();
    await until('the event that was held', () => old.numbers.includes(100), ACK_WAIT_MS + 10_000);
    // Else its client looks for the server for as long as Jest runs.
    release();
    suite.closing(killed);
  }, 60_000);
});

async function jetStreamStore(): Promise<TransportStore> {
  let server = await startNatsServer();
  const log = new TestLog();
  const { storeDir, port, url } = server;
  const transportAt = (where: string): JetStreamTransport =>
    new JetStreamTransport(where, 'test', log, { ackWaitMs: ACK_WAIT_MS, silenceMs: SILENCE_MS });
  return {
    open: () => transportAt(url),
    openSeverable: async () => {
      const proxy = await new TcpProxy({ host: '127.0.0.1', port }).listen();
      return {
        transport: transportAt(`nats://127.0.0.1:${proxy.port}`),
        sever: () => proxy.sever(),
        freeze: () => proxy.freeze(),
        restore: async () => void (await proxy.listen()),
      };
    },
    killAndRestore: async () => {
      await server.kill();
      server = await startNatsServer({ storeDir, port });
    },
    wipe: async () => {
      await server.kill();
      rmSync(join(storeDir, 'jetstream'), { recursive: true });
      server = await startNatsServer({ storeDir, port });
    },
    close: () => server.stop(),
  };
}
