/** How the scenarios are to be played; `npm run chaos` sets it. */
export interface ChaosConfig {
  /** Of all draws; another one each time when it is not given. */
  readonly seed: number | null;
  /** With the whole numbers, instead of those that fit into `npm test`. */
  readonly isLong: boolean;
  /** The file that gets one line of JSON for each scenario. */
  readonly report: string | null;
}

/** @throws Error that names what is wrong with a variable */
export function readChaosConfig(environment: NodeJS.ProcessEnv = process.env): ChaosConfig {
  const { CHAOS_SEED: seed, CHAOS_LONG: long = '0', CHAOS_REPORT: report } = environment;
  if (seed !== undefined && !/^-?\d{1,10}$/.test(seed)) throw new Error(`CHAOS_SEED: "${seed}" is no whole number`);
  if (!['0', '1'].includes(long)) throw new Error(`CHAOS_LONG: "${long}" is neither 1 nor 0`);
  return { seed: seed === undefined ? null : Number(seed) | 0, isLong: long === '1', report: report ?? null };
}
