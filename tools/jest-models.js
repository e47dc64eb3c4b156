// What `npm run models` was told holds for every property of fast-check. It is loaded only then.
const { MODEL_SEED: seed, MODEL_PATH: path, MODEL_RUNS: runs } = process.env;
if (seed !== undefined || runs !== undefined) {
  require('fast-check').configureGlobal({
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
    ...(runs === undefined ? {} : { numRuns: Number(runs) }),
  });
}
