import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../../../..');

/** How a program ended, and what it said on both of its outputs. */
export interface Ended {
  readonly code: number;
  readonly said: string;
}

interface Options {
  /** Beside what the tests themselves have. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A program that runs. */
export interface Running {
  readonly pid: number;
  /** What it has said so far. */
  readonly said: () => string;
  readonly ended: Promise<Ended>;
}

/** Starts a program in the repository. */
export function start(program: string, args: readonly string[], { env = {}, input }: Options = {}): Running {
  const more = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const child = spawn('env', [...more, program, ...args], { cwd: ROOT, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ code: status ?? 1, said }));
  });
  return { pid: child.pid!, said: () => said, ended };
}

/** Runs a program in the repository to its end. */
export function run(program: string, args: readonly string[], options: Options = {}): Promise<Ended> {
  return start(program, args, options).ended;
}

/** As `run`. @throws Error with what it said when it did not succeed */
export async function must(program: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { code, said } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`);
  return said.trim();
}

/** A shell command line, for what goes through a pipe. */
export function mustShell(line: string): Promise<string> {
  return must('bash', ['-o', 'pipefail', '-c', line]);
}
