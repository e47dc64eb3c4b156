import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 10;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
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
 * Makes the cluster free for a new server. Call it only when the process that owned the old one is known to be dead:
 * an orphaned server is told to stop (it may be stopping already) and waited for; a pid file whose pid belongs to
 * another program now is removed. A pid file of a dead server stays: PostgreSQL itself then checks its shared memory.
 */
export async function stopOrphan(cluster: string, timeoutMs: number): Promise<void> {
  const pid = Number(linesOf(cluster)[0]);
  if (!Number.isInteger(pid) || pid <= 1) {
    rmSync(pidFile(cluster), { force: true });
    return;
  }
  if (!isAlive(pid)) return;
  if (!commandOf(pid).includes(cluster)) {
    // A server that is about to end has no command line any more, and takes its file with it.
    if (!isAlive(pid)) return;
    rmSync(pidFile(cluster), { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) {
      throw new Error(
        `The PostgreSQL (pid ${pid}) left over from an earlier run on ${cluster} does not stop: end it, then start again.`,
      );
    }
    await sleep(pollMs);
  }
}
