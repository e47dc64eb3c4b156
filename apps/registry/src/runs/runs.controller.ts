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
import { Access, badCursor, Describe, fromCursor, parsed, toCursor, UserError } from '@recert/service-kit';
import { RunRepository, type RunPlace } from './run.repository';
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
    const runs = await this.runs.page({ ...query, limit: query.limit + 1 }, placeOf(query.cursor));
    const page = runs.slice(0, query.limit);
    const last = runs.length > query.limit ? page.at(-1) : undefined;
    return { items: page.map(toView), next: last === undefined ? null : toCursor([+last.startedAt, last.id]) };
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

function placeOf(cursor: string | undefined): RunPlace | null {
  const parts = fromCursor(cursor, 2);
  if (parts === null) return null;
  const [at, id] = parts;
  const date = new Date(Number(at));
  return typeof id === 'string' && !Number.isNaN(date.getTime()) ? { at: date, id } : badCursor();
}
