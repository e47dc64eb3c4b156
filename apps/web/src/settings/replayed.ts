/** What came of one replay; `reason` says why it was left where it is. */
export interface Replay {
  readonly replayed: boolean;
  readonly reason: string | null;
}

export function isAllDone(replays: readonly Replay[]): boolean {
  return replays.every((replay) => replay.replayed);
}

/** One sentence about what came of them; the first reason stands for the others. */
export function replayed(replays: readonly Replay[]): string {
  const failed = replays.filter((replay) => !replay.replayed);
  const done = replays.length - failed.length;
  if (failed.length === 0) return done === 1 ? 'It is handled now.' : `All ${done} are handled now.`;
  const why = failed[0]?.reason ?? 'for no reason that was given';
  if (replays.length === 1) return `It is still not handled: ${why}`;
  return `${done} are handled now, ${failed.length} are not. The first: ${why}`;
}
