import { spawnTethered, type Tethered } from '@recert/embedded-postgres';
import { createInterface } from 'node:readline';
import { eventually } from './eventually';

export interface ServiceCommand {
  command: string;
  args?: readonly string[];
  /** The whole environment but PATH, HOME and TMPDIR: a test decides what the service sees. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Ready when this address answers 2xx. */
  readyUrl?: string;
  /** Ready when a line of the output matches. */
  readyLine?: RegExp;
  /** For becoming ready, and for stopping; 60 s by default. */
  timeoutMs?: number;
}

export interface SpawnedService {
  pid: number;
  /** Every line of both outputs so far. */
  logs: readonly string[];
  exited: Tethered['exited'];
  /** Resolves with the first line that matches, also one that was there before. */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** `kill -9`: nothing of the service's own runs any more. */
  kill9(): Promise<void>;
  /** SIGTERM, and waits for the end. Rejects with the log when it takes too long. */
  stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const inherited = ['PATH', 'HOME', 'TMPDIR'] as const;

/** Starts a service as a process of its own and waits until it is ready. It ends with the test's process at the latest. */
export async function spawnService(options: ServiceCommand): Promise<SpawnedService> {
  const { command, args = [], env = {}, cwd, timeoutMs = 60_000 } = options;
  const own = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const tethered = await spawnTethered(command, args, {
    signal: 'KILL',
    env: { ...own, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const logs: string[] = [];
  for (const input of [tethered.child.stdout, tethered.child.stderr]) {
    createInterface({ input }).on('line', (line) => logs.push(line));
  }
  const service = { ...control(tethered, logs, timeoutMs), logs };
  await becomeReady(service, options, timeoutMs);
  return service;
}

function control(tethered: Tethered, logs: readonly string[], timeoutMs: number): Omit<SpawnedService, 'logs'> {
  const { pid, exited, child } = tethered;
  const kill9 = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    pid,
    exited,
    kill9,
    waitForLine: async (pattern, within = timeoutMs) =>
      eventually(() => {
        const line = logs.find((one) => pattern.test(one));
        if (line === undefined) throw new Error(`No line like ${String(pattern)} in:\n${logs.join('\n')}`);
        return line;
      }, within),
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => void kill9(), timeoutMs);
      const end = await exited;
      clearTimeout(late);
      if (end.signal === 'SIGKILL') throw new Error(`The service did not stop on SIGTERM:\n${logs.join('\n')}`);
      return end;
    },
  };
}

async function becomeReady(service: SpawnedService, options: ServiceCommand, timeoutMs: number): Promise<void> {
  const { readyUrl, readyLine, command } = options;
  let ended = false;
  void service.exited.then(() => (ended = true));
  const isReady = async (): Promise<void> => {
    if (ended) return;
    if (readyLine && !service.logs.some((line) => readyLine.test(line))) throw new Error('no such line yet');
    if (readyUrl && !(await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) })).ok)
      throw new Error(`${readyUrl} does not answer 2xx`);
  };
  try {
    await eventually(isReady, timeoutMs);
  } catch (error) {
    await service.kill9();
    throw new Error(`${command} was not ready within ${timeoutMs} ms:\n${service.logs.join('\n')}`, { cause: error });
  }
  if (ended && (readyUrl ?? readyLine)) throw new Error(`${command} ended at once:\n${service.logs.join('\n')}`);
}
