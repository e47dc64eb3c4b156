import { createHmac } from 'node:crypto';
import { connect } from 'node:net';

export const SECRET = 'the-client-secret-of-the-bench-0123456789';
const WARM_UP_MS = 1000;
const STATUS = /HTTP\/1\.1 (\d{3})/g;
let made = 0;

/** A signed request of about 1.5 kB as Sentry sends them, each another one: some issues, seen again and again. */
function nextOfSentry() {
  made += 1;
  const body = JSON.stringify({
    action: 'created',
    installation: { uuid: '00000000-0000-4000-8000-000000000000' },
    data: {
      issue: {
        id: String(9_000_000 + (made % 50)),
        title: 'TypeError: the bench is not a function',
        culprit: 'bench/ingest in load',
        level: 'error',
        status: 'unresolved',
        count: String(made),
        project: { id: '1', slug: 'lugha', name: 'lugha' },
        lastSeen: new Date().toISOString(),
        metadata: { value: 'x'.repeat(1000), type: 'TypeError' },
      },
    },
    actor: { type: 'application', id: 'sentry', name: 'Sentry' },
  });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return (
    'POST /hooks/sentry HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `Sentry-Hook-Resource: issue\r\nSentry-Hook-Signature: ${signature}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/**
 * Sends one request after the other on each of so many connections.
 * @param {() => string} nextRequest whole, as HTTP/1.1 has it
 * @returns requests a second, and how long each took (ms), without those of the warm-up; and how many were answered at all
 */
export async function load(port, connections, seconds, nextRequest = nextOfSentry) {
  const begins = performance.now() + WARM_UP_MS;
  const ends = begins + seconds * 1000;
  const times = [];
  let answered = 0;
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let sent = 0;
      const send = () => {
        sent = performance.now();
        socket.write(nextRequest());
      };
      socket.setNoDelay(true).setEncoding('latin1').on('error', reject).on('connect', send);
      socket.on('data', (text) => {
        const [, status] = STATUS.exec(text) ?? [];
        STATUS.lastIndex = 0;
        if (status === undefined) return;
        if (status !== '202') return reject(new Error(`answered ${status}: ${text.slice(0, 500)}`));
        const now = performance.now();
        answered += 1;
        if (sent >= begins && now <= ends) times.push(now - sent);
        if (now < ends) return send();
        socket.end();
        resolve();
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  return { perSecond: Math.round(times.length / seconds), times, answered };
}
