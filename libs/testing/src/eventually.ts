import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats `attempt` until it does not throw, and returns what it returned; after the time it throws what `attempt` threw. */
export async function eventually<T>(attempt: () => T | Promise<T>, timeoutMs = 5_000, everyMs = 20): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await sleep(everyMs);
  }
}
