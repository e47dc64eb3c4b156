import { connect } from 'node:net';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { newToken, NotesService } from './fixture';

const PATIENCE_MS = 1_500;
const SLOW_ONES = 500;

describe('a hook whose senders are slow', () => {
  let store: TestDatabase;
  let service: NotesService;
  const { authorization } = newToken('lugha');

  beforeAll(async () => {
    store = await testDatabase();
    service = await NotesService.start(store.url);
    Object.assign(service.running.app.getHttpServer(), { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS });
  });
  afterAll(async () => {
    await service.running.stop();
    await store.drop();
  });

  /** Sends this, then a blank now and then. @returns all that was answered, when the connection is ended */
  function sendSlowly(sent: string): Promise<string> {
    const { port, hostname } = new URL(service.running.url);
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect(Number(port), hostname, () => socket.write(sent));
      const drip = setInterval(() => socket.write(' '), 200);
      socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
      socket
        .on('error', () => undefined)
        .on('close', () => {
          clearInterval(drip);
          resolve(heard);
        });
    });
  }

  async function send(text: string): Promise<number> {
    const body = JSON.stringify({ text });
    return (await service.post('/hooks/notes/lugha', body, { authorization })).status;
  }

  it('serves the others, and sends the slow ones away', async () => {
    const head = `POST /hooks/notes/lugha HTTP/1.1\r\nHost: here\r\nAuthorization: ${authorization}\r\n`;
    const inTheBody = `${head}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"text":`;
    const inTheHeaders = `${head}X-Slow:`;
    const all = Array.from({ length: SLOW_ONES }, (_, n) => sendSlowly(n % 2 === 0 ? inTheBody : inTheHeaders));
    expect(await send('meanwhile')).toBe(202);
    for (const heard of await Promise.all(all)) {
      expect(heard).toContain('HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json');
      expect(heard).toContain('did not come in time');
    }
    expect(await send('afterwards')).toBe(202);
  }, 20_000);
});
