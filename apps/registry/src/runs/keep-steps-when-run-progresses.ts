import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { RunProgressed } from '@recert/contracts';
import { RunRepository } from './run.repository';
import { byRun, knownFrom, lastByName, progress } from './run-state';

/** What the services say about the steps they took is one way for each fact. */
@Controller()
export class KeepStepsWhenRunProgresses {
  constructor(private readonly runs: RunRepository) {}

  @OnEvent(RunProgressed, { durable: 'registry.keep-steps-when-run-progresses', concurrency: 1 })
  async handle({ steps: words }: RunProgressed, { tx }: Delivery): Promise<Outcome> {
    if (words.length === 0) return done;
    const told = words.map(knownFrom);
    const ids = [...new Set(told.map(({ runId }) => runId))];
    await this.runs.lock(tx);
    const before = new Map((await this.runs.find(tx, ids)).map((run) => [run.id, run]));
    const known = byRun(await this.runs.steps(tx, ids, [...new Set(told.map(({ key }) => key))]));
    const progressed = [...byRun(told)].map(([id, steps]) =>
      progress(before.get(id) ?? null, known.get(id) ?? [], steps),
    );
    const steps = progressed.flatMap((one) => one.steps);
    await this.runs.save(
      tx,
      progressed.map(({ run }) => run),
      steps,
    );
    await this.runs.saveLast(tx, lastByName(steps));
    return done;
  }
}
