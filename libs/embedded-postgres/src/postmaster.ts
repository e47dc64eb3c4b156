import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 10;

export const socketName = '.s.PGSQL.5432';

/** Some process has this pid, be it one that ended and was not collected. */
const isTaken = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A process that ended but was not collected by its parent, as in a container without an init, is dead to us. */
const isAlive = (pid: number): boolean =>
  process.platform === 'linux' ? ![undefined, 'Z', 'X'].includes(stateOf(pid)) : isTaken(pid);

const stateOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  } catch {
    return undefined;
  }
};

const commandOf = (pid: number): string => {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
};

const pidFile = (cluster: string): string => join(cluster, 'postmaster.pid');

const linesOf = (cluster: string): string[] => {
  try {
    return readFileSync(pidFile(cluster), 'utf8').split('\n');
  } catch {
    return [];
  }
};

/** True as soon as the server with this pid accepts connections: the eighth line of its pid file says so. */
export function isReady(cluster: string, pid: number): boolean {
  const lines = linesOf(cluster);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/**
 * Makes the cluster and its socket free for a new server. Call it only when the process that owned the old one is
 * known to be dead: an orphaned server is told to stop (it may be stopping already) and waited for. The files of a
 * dead server are removed where PostgreSQL would take another process with its pid for it.
 */
export async function stopOrphan(cluster: string, sockets: string, timeoutMs: number): Promise<void> {
  const pid = Number(linesOf(cluster)[0]);
  const isPid = Number.isInteger(pid) && pid > 1;
  if (isPid) await stopServerOf(cluster, pid, timeoutMs);
  // With no such process, PostgreSQL reads in the file which shared memory must be free of the old server's sessions.
  if (!isPid || isTaken(pid)) rmSync(pidFile(cluster), { force: true });
  for (const name of [socketName, `${socketName}.lock`]) rmSync(join(sockets, name), { force: true });
}

async function stopServerOf(cluster: string, pid: number, timeoutMs: number): Promise<void> {
  const isOurs = (): boolean => isAlive(pid) && commandOf(pid).includes(cluster);
  const deadline = performance.now() + timeoutMs;
  if (isOurs()) signal(pid);
  while (isOurs()) {
    if (performance.now() > deadline) {
      throw new Error(
        `The PostgreSQL (pid ${pid}) left over from an earlier run on ${cluster} does not stop: end it, then start again.`,
      );
    }
    await sleep(pollMs);
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    // It went in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
