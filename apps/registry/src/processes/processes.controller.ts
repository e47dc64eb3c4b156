import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { type Cause } from '@recert/bus';
import {
  historyView,
  pageOf,
  pageQuery,
  processDetail,
  processPatch,
  processQuery,
  processSummary,
  processView,
  type HistoryView,
  type Page,
  type ProcessDetail,
  type ProcessPatch,
  type ProcessQuery,
  type ProcessSummary,
  type ProcessView,
} from '@recert/contracts';
import {
  Access,
  badCursor,
  Clock,
  Describe,
  fromCursor,
  parsed,
  Requested,
  Sender,
  toCursor,
  UserError,
  type Principal,
} from '@recert/service-kit';
import { type z } from 'zod';
import { type HistoryRow } from '../history/history-chain';
import { HistoryRepository } from '../history/history.repository';
import { EditProcess } from './edit-process';
import { toRegistered, toView, type Process } from './process';
import { ProcessList } from './process-list';
import { ProcessRepository } from './process.repository';
import { inHistory } from './sender-in-history';
import { SummarizeProcesses } from './summarize-processes';

@Controller('api/processes')
export class ProcessesController {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly pages: ProcessList,
    private readonly summing: SummarizeProcesses,
    private readonly history: HistoryRepository,
    private readonly editing: EditProcess,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @Describe({
    says: 'Processes in the order that is asked for, a page at a time; what is empty stands last either way.',
    query: processQuery,
    answer: pageOf(processView),
  })
  async list(@Query(parsed(processQuery)) query: ProcessQuery): Promise<Page<ProcessView>> {
    const { items, next } = await this.pages.page(query);
    return { items: items.map(toView), next };
  }

  @Get('summary')
  @Access('viewer')
  @Describe({
    says: 'How the library stands. Retired processes and records that every product has are not counted.',
    answer: processSummary,
  })
  async summary(): Promise<ProcessSummary> {
    return this.summing.summary(this.clock.now());
  }

  @Get(':id')
  @Access('viewer')
  @Describe({ says: 'One, with its record, its review and its last answer.', answer: processDetail })
  async show(@Param('id') id: string): Promise<ProcessDetail> {
    const found = await this.processes.find(id);
    if (found === null) throw UserError.notFound(`process "${id}"`);
    return detail(found.process, found.record);
  }

  @Patch(':id')
  @Access('admin')
  @Describe({ says: 'Sets owner, deputy or period by hand.', body: processPatch, answer: processView })
  async edit(
    @Param('id') id: string,
    @Body(parsed(processPatch)) patch: ProcessPatch,
    @Sender() sender: Principal,
    @Requested() cause: Cause,
  ): Promise<ProcessView> {
    return toView(await this.editing.edit(id, patch, inHistory(sender), cause));
  }

  @Get(':id/history')
  @Access('viewer')
  @Describe({ says: 'Every change of a field, oldest first.', query: pageQuery, answer: pageOf(historyView) })
  async changes(
    @Param('id') id: string,
    @Query(parsed(pageQuery)) query: z.output<typeof pageQuery>,
  ): Promise<Page<HistoryView>> {
    if (!(await this.processes.exists(id))) throw UserError.notFound(`process "${id}"`);
    const [after] = fromCursor(query.cursor, 1) ?? [0];
    const rows = await this.history.ofProcess(id, isCount(after) ? after : badCursor(), query.limit + 1);
    const items = rows.slice(0, query.limit);
    const last = rows.length > items.length ? items.at(-1) : undefined;
    return { items: items.map(toHistoryView), next: last ? toCursor([last.seq]) : null };
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
}

function detail(process: Process, record: string | null): ProcessDetail {
  const { review, lastResponse, updatingSince, recordHash } = toRegistered(process);
  const { certification } = process.state;
  return {
    ...toView(process),
    ...{ record, recordHash, review, lastResponse, updatingSince },
    certification: certification && { ...certification, at: certification.at.toISOString() },
    source: process.origin.source,
  };
}

function toHistoryView({ at, by, field, old, new: now, cause, source }: HistoryRow): HistoryView {
  return { at: at.toISOString(), by, field, old, new: now, cause, source };
}
