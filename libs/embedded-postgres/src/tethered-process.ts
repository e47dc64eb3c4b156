import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface TetherOptions {
  /** Sent to the child when this process is gone, however it went, or lets go of it. */
  signal: 'INT' | 'TERM' | 'KILL';
  env: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Command and arguments that end in running what follows them, such as `setpriv ..`. */
  prefix?: readonly string[];
}

export interface Tethered {
  /** The child itself, no shell in between: its pid, exit code and signal are the command's own. */
  child: ChildProcessWithoutNullStreams;
  pid: number;
  /** Settles when the child has ended; never rejects. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends the signal by closing the tether, exactly as our death would, and waits for the end. */
  release(): Promise<void>;
}

/**
 * The shell leaves a reader of the tether behind and becomes the command. The reader is a grandchild, so that the
 * command never sees a child that it did not start; a line on the tether says that the command has ended already.
 */
const tether = (signal: string): string => `
exec 3<&0 </dev/null
( { read -r _ <&3 || kill -${signal} $$; } >/dev/null 2>&1 & )
exec "$@" 3<&-`;

/**
 * Starts a command that does not outlive this process, not even after `kill -9` of it: a pipe from us is its tether.
 * It runs in a session of its own, so that Ctrl-C in a terminal reaches us and not it.
 * Rejects when the command cannot be started at all.
 */
export async function spawnTethered(
  command: string,
  args: readonly string[],
  { signal, env, cwd, uid, gid, prefix = [] }: TetherOptions,
): Promise<Tethered> {
  const [program = '', ...rest] = [...prefix, '/bin/sh', '-c', tether(signal), 'sh', command, ...args];
  const child = spawn(program, rest, {
    env,
    detached: true,
    stdio: 'pipe',
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, killedBy) => {
      child.stdin.end('\n');
      resolve({ code, signal: killedBy });
    });
  });
  // The reader may be gone before our last line reaches it.
  child.stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const release = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.stdin.end();
    await exited;
  };
  return { child, pid: child.pid as number, exited, release };
}
