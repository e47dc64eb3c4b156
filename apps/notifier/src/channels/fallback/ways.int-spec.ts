import { createServer, type AddressInfo, type Server } from 'node:net';
import { startFakeMailServer, startFakeNtfy } from '@recert/testing';
import { type ClaimedFallback, FallbackRefused, type FallbackWay } from './fallback-delivery';
import { PostNtfy } from './post-ntfy';
import { SendMail } from './send-mail';

const TOPIC = 'a-topic-that-nobody-knows';
const PASSWORD = 'a-password-that-nobody-knows';
const ADDRESSES = { from: 'recert@example.org', to: ['ops@example.org', 'ada@example.org'] };

const message = (way: FallbackWay['way']): ClaimedFallback => ({
  ...{ id: 7, way, kind: 'test', urgency: 5, title: 'A title', text: 'Grüße 🔴\n.\nend' },
  ...{ createdAt: new Date('2026-11-30T09:00:00.000Z'), attempts: 1 },
});
const failureOf = (way: FallbackWay): Promise<Error> =>
  way.send(message(way.way)).then(
    () => new Error('it was sent'),
    (error: Error) => error,
  );

/** Takes connections, and never says a word. */
async function listenInSilence(): Promise<{ port: number; stop: () => Promise<void> }> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

describe('a way of the fallback', () => {
  it('brings the text as it is', async () => {
    const [ntfy, mail] = [await startFakeNtfy(TOPIC), await startFakeMailServer()];
    await new PostNtfy(ntfy.url, 'tk_of-tests', null).send(message('ntfy'));
    expect(ntfy.messages).toEqual([{ title: 'A title', priority: 5, text: 'Grüße 🔴\n.\nend', click: null }]);
    await new SendMail(mail.url, ADDRESSES).send(message('mail'));
    expect(mail.mails[0]).toMatchObject({ from: 'recert@example.org', to: ['ops@example.org', 'ada@example.org'] });
    const { raw } = mail.mails[0]!;
    expect(raw).toContain('Message-ID: <recert.1796029200000.7@example.org>');
    const [, body = ''] = raw.split('\r\n\r\n');
    const text = /base64/.test(raw) ? Buffer.from(body, 'base64').toString() : decodedQuotedPrintable(body);
    expect(text.trim().replaceAll('\r\n', '\n')).toBe('Grüße 🔴\n.\nend');
    await Promise.all([ntfy.down(), mail.stop()]);
  });

  it('says what is wrong where nobody listens, and neither topic nor password', async () => {
    const ntfy = await failureOf(new PostNtfy(`http://127.0.0.1:1/${TOPIC}`, null, null));
    expect(ntfy.message).toMatch(/^ntfy was not reached: /);
    const mail = await failureOf(new SendMail(`smtp://recert:${PASSWORD}@127.0.0.1:1`, ADDRESSES));
    expect(mail.message).toMatch(/^the mail server was not reached: E/);
    for (const error of [ntfy, mail]) {
      expect(error).not.toBeInstanceOf(FallbackRefused);
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(new RegExp(`${TOPIC}|${PASSWORD}`));
    }
  });

  it('does not wait for ever where nobody answers', async () => {
    const silent = await listenInSilence();
    const ntfy = new PostNtfy(`http://127.0.0.1:${silent.port}/${TOPIC}`, null, null, 200);
    expect((await failureOf(ntfy)).message).toBe('ntfy did not answer in time');
    const mail = new SendMail(`smtp://127.0.0.1:${silent.port}`, ADDRESSES, 200);
    expect((await failureOf(mail)).message).toMatch(/^the mail server was not reached: ETIMEDOUT/);
    await silent.stop();
  });

  it('gives up where it is not let in', async () => {
    const [ntfy, mail] = [await startFakeNtfy(TOPIC), await startFakeMailServer('recert', PASSWORD)];
    const wrong = mail.url.replace(PASSWORD, 'another-one');
    const refused = [
      await failureOf(new PostNtfy(ntfy.url, 'tk_wrong', null)),
      await failureOf(new SendMail(wrong, ADDRESSES)),
      await failureOf(new PostNtfy(`${ntfy.url}-of-somebody-else`, null, null)),
    ];
    expect(refused.map((error) => [error.name, error.message])).toEqual([
      ['FallbackRefused', 'ntfy answered 403: NTFY_TOKEN is missing, wrong, or may not write to the topic'],
      ['FallbackRefused', 'the mail server answered 535 at AUTH: is the user and the password of SMTP_URL right?'],
      ['FallbackRefused', 'ntfy answered 404: is NTFY_URL right?'],
    ]);
    await Promise.all([ntfy.down(), mail.stop()]);
  });
});

function decodedQuotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
