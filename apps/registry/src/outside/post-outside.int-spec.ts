import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { parseOutgoingAllow, type OutgoingAllow } from './outgoing-allow';
import { postOutside, type Reach } from './post-outside';

const allow = (...entries: string[]): OutgoingAllow => parseOutgoingAllow(entries) as OutgoingAllow;
const here = [{ address: '127.0.0.1', family: 4 }];

describe('sending outside', () => {
  let server: Server;
  let port: number;
  let came: { request: IncomingMessage; body: string; to: string | undefined }[] = [];
  let answer: (response: ServerResponse) => void = (response) => response.end('thanks');

  beforeAll(async () => {
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        came.push({ request, body, to: request.socket.localAddress });
        answer(response);
      });
    };
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    came = [];
    answer = (response) => response.end('thanks');
  });

  const reach: Reach = { allow: allow('127.0.0.0/8'), resolve: () => Promise.resolve(here) };
  const post = (url: string, through: Reach = reach, timeoutMs = 2_000) =>
    postOutside({ url, headers: { 'content-type': 'application/json' }, body: '{"text":"für"}', timeoutMs }, through);

  it('brings the body to the address that the name has, under its name', async () => {
    expect(await post(`http://receiver.example:${port}/hook?key=1`)).toEqual({
      ...{ status: 200, retryAfter: null, redirectsTo: null, hint: 'thanks' },
    });
    const [{ request, body }] = came as [(typeof came)[0]];
    expect([request.method, request.url, request.headers.host, body]).toEqual([
      ...['POST', '/hook?key=1', `receiver.example:${port}`, '{"text":"für"}'],
    ]);
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '15' });
  });

  it('asks for the addresses of a name once, and is not led elsewhere by another answer later', async () => {
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '127.0.0.2', family: 4 }]];
    const resolve = jest.fn(() => Promise.resolve(answers.shift()!));
    await post(`http://rebinding.example:${port}/`, { allow: allow('127.0.0.1'), resolve });
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(came[0]!.to).toBe('127.0.0.1');
    await expect(post(`http://rebinding.example:${port}/`, { allow: allow('127.0.0.1'), resolve })).rejects.toThrow(
      'rebinding.example is 127.0.0.2, which is not public (loopback)',
    );
    expect(came).toHaveLength(1);
  });

  it.each([
    ['a private one among several', [...here, { address: '10.0.0.1', family: 4 }], '10.0.0.1'],
    ['one of IPv6', [{ address: '::1', family: 6 }], '::1'],
    ['one that hides IPv4 in IPv6', [{ address: '::ffff:10.0.0.1', family: 6 }], '::ffff:10.0.0.1'],
  ])('connects to nobody when a name has %s', async (_, addresses, refused) => {
    const through = { ...reach, resolve: () => Promise.resolve(addresses) };
    await expect(post(`http://receiver.example:${port}/`, through)).rejects.toThrow(
      `is ${refused}, which is not public`,
    );
    expect(came).toEqual([]);
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '127.1'])(
    'does not connect to %s where it is not allowed',
    async (host) => {
      const through = { ...reach, allow: allow() };
      await expect(post(`http://${host}:${port}/`, through)).rejects.toThrow('127.0.0.1 is not public (loopback)');
      expect(came).toEqual([]);
    },
  );

  it('follows no redirect', async () => {
    answer = (response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere?secret=1` }).end();
    expect(await post(`http://receiver.example:${port}/`)).toMatchObject({
      ...{ status: 307, redirectsTo: `http://127.0.0.1:${port}` },
    });
    expect(came).toHaveLength(1);
  });

  it('tells when it may be asked again', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '17' }).end();
    expect(await post(`http://receiver.example:${port}/`)).toMatchObject({ status: 429, retryAfter: '17' });
  });

  it('reads no more than it has to of a body, and does not wait for the end of one', async () => {
    answer = (response) => {
      response.writeHead(200);
      const fill = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', fill);
      };
      fill();
    };
    expect((await post(`http://receiver.example:${port}/`)).hint).toBe('x'.repeat(200));
    answer = (response) => response.writeHead(200).write('slow');
    expect(await post(`http://receiver.example:${port}/`, reach, 200)).toMatchObject({ status: 200, hint: 'slow' });
  });

  it('says why nobody answered', async () => {
    answer = () => undefined;
    await expect(post(`http://receiver.example:${port}/`, reach, 150)).rejects.toThrow(
      'did not answer within 0.15 seconds',
    );
    answer = (response) => response.destroy();
    await expect(post(`http://receiver.example:${port}/`)).rejects.toThrow('it cannot be reached (ECONNRESET)');
    await expect(post('http://receiver.example:1/')).rejects.toThrow('it cannot be reached (ECONNREFUSED)');
    const lost = { ...reach, resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) };
    await expect(post(`http://receiver.example:${port}/`, lost)).rejects.toThrow('it cannot be reached (ENOTFOUND)');
    await expect(post(`https://receiver.example:${port}/`)).rejects.toThrow('it cannot be reached (');
  });
});
