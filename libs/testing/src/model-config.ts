/** How far models, oracles and the simulation go; `npm run models` sets it. */
export interface ModelConfig {
  /** The one to play; null for those that the test draws itself. */
  readonly seed: number | null;
  /** How many are drawn; null for as many as fit into `npm test`. */
  readonly runs: number | null;
  /** Everything there is, where a test would take a part of it. */
  readonly isWhole: boolean;
}

/** @throws Error that names what is wrong with a variable */
export function readModelConfig(environment: NodeJS.ProcessEnv = process.env): ModelConfig {
  const { MODEL_SEED: seed, MODEL_RUNS: runs, MODEL_WHOLE: whole = '0' } = environment;
  if (seed !== undefined && !/^-?\d{1,10}$/.test(seed)) throw new Error(`MODEL_SEED: "${seed}" is no whole number`);
  if (runs !== undefined && !/^[1-9]\d{0,8}$/.test(runs)) throw new Error(`MODEL_RUNS: "${runs}" is no count`);
  if (!['0', '1'].includes(whole)) throw new Error(`MODEL_WHOLE: "${whole}" is neither 1 nor 0`);
  const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
  return { seed: numberOf(seed), runs: numberOf(runs), isWhole: whole === '1' };
}
