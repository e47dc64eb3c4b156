import { startNatsServer } from '@recert/testing';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SeverableProxy } from '../test-kit/severable-proxy';
import { TestLog } from '../test-kit/test-log';
import { type TransportStore } from '../test-kit/transport-tests';
import { transportSuite } from '../transport-suite';
import { JetStreamTransport } from './jetstream-transport';

const ACK_WAIT_MS = 1_500;

describe('the jetstream transport', () => {
  transportSuite(jetStreamStore, ACK_WAIT_MS);
});

async function jetStreamStore(): Promise<TransportStore> {
  let server = await startNatsServer();
  const log = new TestLog();
  const { storeDir, port, url } = server;
  const transportAt = (where: string): JetStreamTransport =>
    new JetStreamTransport(where, 'test', log, { ackWaitMs: ACK_WAIT_MS });
  return {
    open: () => transportAt(url),
    openSeverable: async () => {
      const proxy = await new SeverableProxy({ host: '127.0.0.1', port }).listen();
      return {
        transport: transportAt(`nats://127.0.0.1:${proxy.port}`),
        sever: () => proxy.sever(),
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
