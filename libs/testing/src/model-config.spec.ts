import { readModelConfig } from './model-config';

describe('how far models go', () => {
  it('is what fits into npm test where nothing is said', () => {
    expect(readModelConfig({})).toEqual({ seed: null, runs: null, isWhole: false });
  });

  it('is what was said', () => {
    const said = { MODEL_SEED: '-17', MODEL_RUNS: '50000', MODEL_WHOLE: '1' };
    expect(readModelConfig(said)).toEqual({ seed: -17, runs: 50_000, isWhole: true });
  });

  it.each([
    [{ MODEL_SEED: '1.5' }, 'MODEL_SEED: "1.5" is no whole number'],
    [{ MODEL_RUNS: '0' }, 'MODEL_RUNS: "0" is no count'],
    [{ MODEL_WHOLE: 'yes' }, 'MODEL_WHOLE: "yes" is neither 1 nor 0'],
  ])('is refused by name: %j', (said, sentence) => {
    expect(() => readModelConfig(said)).toThrow(sentence);
  });
});
