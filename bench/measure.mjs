import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever its kernel ticks in (sysconf(3), _SC_CLK_TCK). */
const MS_OF_A_TICK = 10;

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

/** Processor time of a process and all below it until now, with what ended meanwhile, in ms. */
export function cpuOfTree(pid) {
  return tree(pid).reduce((sum, one) => sum + cpuTicks(one), 0) * MS_OF_A_TICK;
}

function cpuTicks(pid) {
  try {
    // Fields 14 to 17 of proc(5): its own and its ended children's; two before them are cut off.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  } catch {
    return 0;
  }
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
