import { SeededRandom } from '@recert/testing';
import { appendFileSync } from 'node:fs';
import { type Bound, describeBound, isWithin } from './bound';
import { readChaosConfig } from './config';

const MINUTE_MS = 60_000;
const config = readChaosConfig();

interface Figure {
  readonly what: string;
  readonly figure: number;
  /** Null for one that is told, and bound by nothing. */
  readonly bound: string | null;
  readonly kept: boolean;
}

/** One playing of a scenario: its draws, its size, and what was found. */
export class Run {
  readonly figures: Figure[] = [];

  constructor(
    readonly random: SeededRandom,
    readonly isLong: boolean,
  ) {}

  /** How many of something: what fits into `npm test`, or the whole. */
  size(short: number, long: number): number {
    return this.isLong ? long : short;
  }

  /** Notes a figure that must be within a bound. All of them are looked at when the scenario is over. */
  must(what: string, figure: number, bound: Bound): void {
    this.figures.push({ what, figure, bound: describeBound(bound), kept: isWithin(figure, bound) });
  }

  /** Notes a figure that the report tells beside the others. */
  tell(what: string, figure: number): void {
    this.figures.push({ what, figure, bound: null, kept: true });
  }
}

/** How long a scenario may take, its set-up included. */
interface Minutes {
  readonly short: number;
  readonly long: number;
}

/**
 * One row of the matrix of docs/reliability.md as a test. It is played with a seed that it says when it fails, so that it
 * can be played again: `npm run chaos -- T4 --seed 17`.
 * @param id as in the matrix, e.g. `T4`
 * @param promise what must hold, as a sentence
 */
export function scenario(id: string, promise: string, minutes: Minutes, play: (run: Run) => Promise<void>): void {
  const seed = config.seed ?? Math.floor(Math.random() * 0x8000_0000);
  const limit = (config.isLong ? minutes.long : minutes.short) * MINUTE_MS;
  it(
    `${id} ${promise}`,
    async () => {
      const run = new Run(new SeededRandom(seed), config.isLong);
      const began = performance.now();
      let error: unknown = null;
      try {
        await play(run);
      } catch (thrown) {
        error = thrown;
      }
      const broken = run.figures.filter(({ kept }) => !kept);
      const passed = error === null && broken.length === 0 && run.figures.length > 0;
      const seconds = Math.round((performance.now() - began) / 1000);
      const { figures, isLong } = run;
      if (config.report !== null)
        appendFileSync(config.report, `${JSON.stringify({ id, promise, seed, isLong, seconds, passed, figures })}\n`);
      if (!passed) throw failure(id, seed, broken, error);
    },
    limit,
  );
}

function failure(id: string, seed: number, broken: readonly Figure[], cause: unknown): Error {
  const said = broken.map(({ what, figure, bound }) => `${what}: ${figure}, must be ${bound}`);
  if (cause !== null) said.push(cause instanceof Error ? cause.message : JSON.stringify(cause));
  if (said.length === 0) said.push('it found no figure');
  const again = `npm run chaos -- ${id} --seed ${seed}${config.isLong ? '' : ' --short'}`;
  return new Error(`${said.join('\n')}\nTo play it again: ${again}`, { cause });
}
