import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  lastSteps,
  MOST_STEPS,
  pageOf,
  runDetail,
  runQuery,
  runView,
  type LastSteps,
  type Page,
  type RunDetail,
  type RunQuery,
  type RunStepView,
  type RunView,
} from '@recert/contracts';
import { Access, Describe, pageFrom, parsed, timePlaceOf, UserError } from '@recert/service-kit';
import { RunRepository } from './run.repository';
import { type KnownStep, type Run } from './run-state';
import { inTreeOrder } from './run-tree';

/** The whole way of each fact. Names and errors only: what was in a webhook or a message is not shown here. */
@Controller('api/runs')
@Access('viewer')
export class RunsController {
  constructor(private readonly runs: RunRepository) {}

  @Get()
  @Describe({
    says: 'What came in or happened and all that followed from it, newest first; as good as its worst step.',
    query: runQuery,
    answer: pageOf(runView),
  })
  async list(@Query(parsed(runQuery)) query: RunQuery): Promise<Page<RunView>> {
    const { limit, cursor } = query;
    const found = await this.runs.page({ ...query, limit: limit + 1 }, timePlaceOf(cursor));
    const { items, next } = pageFrom(found, limit, ({ startedAt, id }) => [startedAt.getTime(), id]);
    return { items: items.map(toView), next };
  }

  @Get('last')
  @Describe({ says: 'What every handler and every hook did last.', answer: lastSteps })
  async last(): Promise<LastSteps> {
    return { items: await this.runs.last() };
  }

  @Get(':id')
  @Describe({ says: 'One run with its steps, each below the one that it followed from.', answer: runDetail })
  async get(@Param('id') id: string): Promise<RunDetail> {
    const run = await this.runs.run(id);
    if (run === null) throw UserError.notFound(`run "${id}"`);
    const steps = await this.runs.stepsOf(id, MOST_STEPS + 1);
    const tree = inTreeOrder(steps.slice(0, MOST_STEPS)).map(({ step, depth }) => toStepView(step, depth));
    return { ...toView(run), tree, isWhole: steps.length <= MOST_STEPS };
  }
}

function toView({ firstKey: _, startedAt, lastAt, ...same }: Run): RunView {
  return { ...same, startedAt: startedAt.toISOString(), lastAt: lastAt.toISOString() };
}

function toStepView(step: KnownStep, depth: number): RunStepView {
  const { key, kind, name, causeId, by, at, tookMs, attempts, state, error } = step;
  return { key, kind, name, causeId, by, at: at.toISOString(), tookMs, attempts, state, error, depth };
}
