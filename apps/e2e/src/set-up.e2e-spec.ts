import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Page, type ProcessView } from '@recert/contracts';
import { eventually } from '@recert/testing';

const ROOT = resolve(__dirname, '../../..');
const START_MS = 60_000;

/** `npm start` as a person runs it, with the lines that it prints. */
class NpmStart {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(data: string, extra: Record<string, string> = {}) {
    // A session of its own, so that a signal to the group is what a terminal's Ctrl-C is.
    this.child = spawn(process.execPath, [join(ROOT, 'tools/start.mjs')], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        RECERT_DATA: data,
        PORT: '0',
        RECERT_ADMIN_TOKEN: 'an-admin-token-of-tests',
        ...extra,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream
        .setEncoding('utf8')
        .on('data', (text: string) => this.lines.push(...text.split('\n').filter((line) => line !== '')));
    }
    this.exited = new Promise((done) => this.child.on('exit', (code, signal) => done({ code, signal })));
  }

  async line(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(() => {
      const found = this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found === undefined) throw new Error(`no line ${String(pattern)} in:\n${this.lines.join('\n')}`);
      return found;
    }, START_MS);
  }

  async address(): Promise<string> {
    return (await this.line(/Console +(http:\S+)/))[1]!;
  }

  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal);
  }

  /** kill -9 of the services' process alone, as the kernel's out-of-memory killer does it. */
  killServices(): void {
    const services = processes().filter(
      (one) => one.command.includes('standalone/dist/main.js') && one.parent === this.child.pid,
    );
    expect(services).toHaveLength(1);
    process.kill(services[0]!.pid, 'SIGKILL');
  }
}

interface RunningCommand {
  pid: number;
  parent: number;
  command: string;
}

function processes(): RunningCommand[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\u0000', ' ');
        const parent = Number(
          readFileSync(`/proc/${name}/stat`, 'utf8')
            .replace(/^.*\) /, '')
            .split(' ')[1],
        );
        return [{ pid: Number(name), parent, command }];
      } catch {
        return [];
      }
    });
}

const using = (folder: string): RunningCommand[] => processes().filter((one) => one.command.includes(folder));

async function api<T>(address: string, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(address + path, {
    ...init,
    headers: { authorization: 'Bearer an-admin-token-of-tests', 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

describe('npm start', () => {
  let data: string;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'recert-start-'));
  });

  afterEach(async () => {
    for (const one of using(data)) process.kill(one.pid, 'SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });

  it(
    'imports the example library, and prints the address and an admin link that works once',
    async () => {
      const started = new NpmStart(data);
      const address = await started.address();
      const { items } = await api<Page<ProcessView>>(address, '/api/processes');
      expect(items.map((process) => process.name)).toContain('certify processes');
      expect(items.some((process) => !process.documented)).toBe(true);

      const code = (await started.line(/Admin link +\S+#(\S+)/))[1]!;
      const enter = (): Promise<Response> =>
        fetch(`${address}/api/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ code }),
        });
      const first = await enter();
      expect(first.ok).toBe(true);
      expect(first.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/i);
      expect((await enter()).status).toBeGreaterThanOrEqual(400);
      expect(await (await fetch(address)).text()).toContain('<title>Recert</title>');

      started.signalGroup('SIGINT');
      expect((await started.exited).code).toBe(0);
    },
    2 * START_MS,
  );

  it(
    'stops everything at Ctrl-C, the database too, and goes on with the same data',
    async () => {
      const first = new NpmStart(data);
      const id = 'company-orchestration-certify-processes';
      await api(await first.address(), `/api/processes/${id}`, { method: 'PATCH', body: '{"triggerPeriod":"P3M"}' });
      first.signalGroup('SIGINT');
      expect((await first.exited).code).toBe(0);
      expect(using(data)).toEqual([]);

      const second = new NpmStart(data);
      expect(await api(await second.address(), `/api/processes/${id}`)).toMatchObject({ triggerPeriod: 'P3M' });
      second.signalGroup('SIGTERM');
      await second.exited;
      expect(using(data)).toEqual([]);
    },
    2 * START_MS,
  );

  it(
    'loses nothing at kill -9 and leaves no orphan process behind',
    async () => {
      const first = new NpmStart(data);
      const id = 'company-orchestration-certify-processes';
      await api(await first.address(), `/api/processes/${id}`, { method: 'PATCH', body: '{"triggerPeriod":"P3M"}' });
      first.killServices();
      expect((await first.exited).code).not.toBe(0);
      const second = new NpmStart(data);
      expect(await api(await second.address(), `/api/processes/${id}`)).toMatchObject({ triggerPeriod: 'P3M' });
      // One postmaster, not a second one beside an orphan.
      expect(
        using(data).filter((one) => /bin\/postgres .*-D/.test(one.command) && !one.command.startsWith('/bin/sh')),
      ).toHaveLength(1);
      second.signalGroup('SIGKILL');
      await second.exited;
      await eventually(() => expect(using(data)).toEqual([]), START_MS);
    },
    3 * START_MS,
  );

  it(
    'ends with one message that names every malformed variable, and no secret',
    async () => {
      const started = new NpmStart(data, { PORT: 'three', TELEGRAM_BOT_TOKEN: 'hunter2', ASK_HOURS: 'whenever' });
      const { code } = await started.exited;
      const said = started.lines.join('\n');
      expect(code).not.toBe(0);
      for (const name of ['PORT', 'TELEGRAM_BOT_TOKEN', 'ASK_HOURS']) expect(said).toContain(name);
      expect(said).not.toContain('hunter2');
    },
    START_MS,
  );
});
