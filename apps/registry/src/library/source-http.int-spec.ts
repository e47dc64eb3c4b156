import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limits } from './fixtures/limits';
import { readLibrary, type ReadLimits } from './read-library';
import { parseSource } from './source-address';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let base: string;
let answers: Record<string, Answer>;
let requests: IncomingMessage[];

beforeEach(async () => {
  answers = {};
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end('no');
    else answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const read = (address: string, changed: Partial<ReadLimits> = {}) =>
  readLibrary(parseSource(address), { ...limits, ...changed });
const text =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'text/plain', ...headers }).end(body);
const redirect =
  (location: string): Answer =>
  (_, response) =>
    response.writeHead(302, { location }).end();

test('One file is read, named by the end of its address', async () => {
  answers['/lib/a%20b.md?v=1'] = text('# é');
  expect(await read(`${base}/lib/a%20b.md?v=1#x`)).toEqual({
    layout: 'file',
    files: [{ path: 'a b.md', text: '# é' }],
  });
  answers['/'] = text('x');
  expect((await read(base)).files[0]?.path).toBe('library.md');
});

test('Three redirects are followed, a fourth is not', async () => {
  answers['/1'] = redirect('/2');
  answers['/2'] = redirect(`${base}/3`);
  answers['/3'] = redirect('/4');
  answers['/4'] = text('here');
  expect((await read(`${base}/1`)).files[0]?.text).toBe('here');
  answers['/0'] = redirect('/1');
  await expect(read(`${base}/0`)).rejects.toThrow(`${base}/0: it is redirected more than 3 times`);
});

test.each([
  ['file:///etc/passwd', 'file://'],
  ['ftp://example.org/a.md', 'ftp://example.org'],
  ['http://', 'something that is no address'],
])('A redirect to %j is not followed', async (location, named) => {
  answers['/a'] = redirect(location);
  await expect(read(`${base}/a`)).rejects.toThrow(`it is redirected from http:// to ${named}, which is not followed`);
});

test('A user and password go to the server named, as a header, and to nobody it redirects to', async () => {
  const elsewhere = base.replace('127.0.0.1', 'localhost');
  answers['/a'] = redirect('/b');
  answers['/b'] = redirect(`${elsewhere}/c`);
  answers['/c'] = text('here');
  await read(`${base.replace('://', '://me:p%40ss@')}/a`);
  const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(requests.map((request) => request.headers.authorization)).toEqual([basic, basic, undefined]);
});

test('A message has no password in it', async () => {
  await expect(read(`${base.replace('://', '://me:s3cr3t@')}/no`)).rejects.toThrow(
    `Cannot read the library ${base}/no: the server answers 404: there is no such file; is it public?`,
  );
});

test.each([
  [401, 'the server answers 401: this service may not read it'],
  [403, 'the server answers 403: this service may not read it'],
  [404, 'the server answers 404: there is no such file'],
  [204, 'the server answers 204 No Content'],
  [500, 'the server answers 500 Internal Server Error'],
])('The answer %i is refused', async (status, message) => {
  answers['/a'] = (_, response) => response.writeHead(status).end();
  await expect(read(`${base}/a`)).rejects.toThrow(message);
});

test('A web page is refused, with what to write instead', async () => {
  answers['/a'] = text('<html>', { 'content-type': 'text/html; charset=utf-8' });
  await expect(read(`${base}/a`)).rejects.toThrow(
    'that is a web page, not Markdown: write the address of the raw file',
  );
});

test('A file of the limit is read; what announces one byte more is refused before its body', async () => {
  answers['/a'] = text('x'.repeat(1000));
  expect((await read(`${base}/a`)).files[0]?.text).toHaveLength(1000);
  let hasClosed: Promise<unknown> = Promise.resolve();
  answers['/b'] = (_, response) => {
    hasClosed = once(response, 'close');
    response.writeHead(200, { 'content-length': '1001' }).flushHeaders();
  };
  await expect(read(`${base}/b`)).rejects.toThrow('the file has 1001 bytes, and a library may have 1000 bytes');
  await hasClosed;
});

test('A file that does not announce its size is read up to the limit and no further', async () => {
  let sent = 0;
  let hasClosed: Promise<unknown> = Promise.resolve();
  answers['/a'] = (_, response) => {
    hasClosed = once(response, 'close');
    const send = (): void => {
      if (response.destroyed) return;
      sent += 500;
      response.write('x'.repeat(500), () => setImmediate(send));
    };
    send();
  };
  await expect(read(`${base}/a`)).rejects.toThrow(
    'the file has more than 1000 bytes, and a library may have 1000 bytes',
  );
  await hasClosed;
  expect(sent).toBeLessThan(50 * 1024 * 1024);
});

test.each([
  ['before it answers', (): void => undefined],
  ['in the middle of the file', (_: IncomingMessage, response: ServerResponse): void => void response.write('# x')],
])('A server that stops %s is given up after the time allowed', async (_, answer) => {
  answers['/a'] = answer;
  await expect(read(`${base}/a`, { timeoutMs: 200 })).rejects.toThrow('did not answer in full within 0.2 seconds');
});

test('A server that breaks off, or is not there, is an error that says so', async () => {
  answers['/a'] = (_, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('x', () => response.destroy());
  };
  await expect(read(`${base}/a`)).rejects.toThrow(`Cannot read the library ${base}/a: the server cannot be reached (`);
  await expect(read('http://127.0.0.1:1/a')).rejects.toThrow('the server cannot be reached (');
});

test('What is not UTF-8 is refused with its line', async () => {
  answers['/a.md'] = text(Buffer.from([0x0a, 0xff]));
  await expect(read(`${base}/a.md`)).rejects.toThrow('a.md is not UTF-8 text (line 2)');
});
