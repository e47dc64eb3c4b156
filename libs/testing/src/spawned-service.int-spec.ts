import { eventually } from './eventually';
import { spawnService } from './spawned-service';

const node = (program: string, more: object = {}) =>
  spawnService({ command: process.execPath, args: ['-e', program], ...more });

const server = `
  const server = require('node:http').createServer((_, response) => response.end('hello'));
  server.listen(0, '127.0.0.1', () => console.log('listening on ' + server.address().port));
  process.on('SIGTERM', () => { console.error('stopping'); server.close(); });
`;

describe('spawnService', () => {
  it('waits for a line, keeps both outputs, and stops in good order', async () => {
    const service = await node(server, { readyLine: /listening on \d+/ });
    const [, port] = /(\d+)$/.exec(service.logs[0] ?? '') ?? [];
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('hello');
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(await service.waitForLine(/stopping/)).toBe('stopping');
  });

  it('kills without a word', async () => {
    const service = await node(server, { readyLine: /listening/ });
    await service.kill9();
    expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(service.logs).toHaveLength(1);
  });

  it('sees the given environment and no other', async () => {
    process.env['RECERT_LEAK'] = 'leaked';
    const service = await node('console.log(JSON.stringify(process.env))', { env: { PORT: '7' } });
    const line = await service.waitForLine(/^\{/);
    delete process.env['RECERT_LEAK'];
    expect(JSON.parse(line)).toMatchObject({ PORT: '7', PATH: process.env['PATH'] });
    expect(line).not.toContain('leaked');
  });

  it('says what a service said that ends or hangs instead of becoming ready', async () => {
    await expect(node('console.log("no database"); process.exitCode = 1', { readyLine: /ready/ })).rejects.toThrow(
      /ended at once:\nno database/,
    );
    const hangs = { readyLine: /ready/, timeoutMs: 500 };
    await expect(node('console.log("waiting"); setInterval(() => {}, 1000)', hangs)).rejects.toThrow(
      /not ready within 500 ms:\nwaiting/,
    );
  });

  it('does not wait for ever for a service that ignores SIGTERM', async () => {
    const program = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")';
    const service = await node(program, { readyLine: /up/, timeoutMs: 500 });
    await expect(service.stop()).rejects.toThrow('did not stop on SIGTERM');
  });
});

describe('a tethered process', () => {
  it('ends with the one that started it, even by kill -9', async () => {
    const program = `
      const { spawnTethered } = require('./libs/embedded-postgres/src/tethered-process.ts');
      spawnTethered('sleep', ['60'], { signal: 'TERM', env: {} }).then(({ pid }) => console.log('sleeper ' + pid));
    `;
    const cwd = `${__dirname}/../../..`;
    const args = ['--require', './tools/load-typescript.js', '-e', program];
    const owner = await spawnService({ command: process.execPath, args, cwd, readyLine: /sleeper/ });
    const sleeper = Number(/\d+/.exec(owner.logs[0] ?? '')?.[0]);
    expect(() => process.kill(sleeper, 0)).not.toThrow();
    await owner.kill9();
    await eventually(() => expect(() => process.kill(sleeper, 0)).toThrow('ESRCH'));
  });
});
