import { existsSync } from 'node:fs';
import { startNatsServer } from './nats-server';

describe('startNatsServer', () => {
  it('answers on loopback with JetStream on, and removes its temporary store when it stops', async () => {
    const server = await startNatsServer();
    const page = (await (await fetch(`${server.monitorUrl}/jsz`)).json()) as { config: { store_dir: string } };
    expect(page.config.store_dir).toContain(server.storeDir);
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
    expect(server.version).toMatch(/^\d+\.\d+\.\d+/);
    await server.stop();
    await server.stop();
    await expect(fetch(server.monitorUrl)).rejects.toThrow();
    expect(existsSync(server.storeDir)).toBe(false);
  });

  it('comes back on the same port and store after kill -9', async () => {
    const first = await startNatsServer();
    await first.kill();
    const second = await startNatsServer({ storeDir: first.storeDir, port: first.port });
    expect(second.url).toBe(first.url);
    expect(second.pid).not.toBe(first.pid);
    await second.stop();
    expect(existsSync(first.storeDir)).toBe(false);
  });

  it('says what nats-server said when the configuration is wrong', async () => {
    await expect(startNatsServer({ config: 'no_such_thing: 1' })).rejects.toThrow('no_such_thing');
  });
});
