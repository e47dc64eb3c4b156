import { readFileSync, readdirSync } from 'node:fs';

/** @param {number[]} values @param {number} share 0 to 1 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** One line of figures in milliseconds. */
export function spread(values) {
  return {
    n: values.length,
    p50: round(percentile(values, 0.5)),
    p95: round(percentile(values, 0.95)),
    max: round(Math.max(...values)),
  };
}

export const round = (value) => Math.round(value * 10) / 10;

/** Tries until it does not throw, or the time is over. */
export async function eventually(attempt, timeoutMs = 30_000) {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Proportional set size of a process and all below it, in MB: shared pages are counted once. */
export function pssOfTree(pid) {
  return round(tree(pid).reduce((sum, one) => sum + pss(one), 0) / 1024);
}

function pss(pid) {
  try {
    return Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function tree(root) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(name), Number(stat[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const found = [root];
  for (let i = 0; i < found.length; i += 1)
    for (const [pid, parent] of parents) if (parent === found[i]) found.push(pid);
  return found;
}
