import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import {
  pageQuery,
  processPatch,
  processQuery,
  type HistoryView,
  type Page,
  type ProcessPatch,
  type ProcessQuery,
  type ProcessView,
} from '@recert/contracts';
import {
  Access,
  badCursor,
  fromCursor,
  parsed,
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
import { ProcessRepository, type Place } from './process.repository';

/** A process with what its page shows beside the fields of the list. */
type ProcessDetail = ProcessView &
  Pick<ReturnType<typeof toRegistered>, 'review' | 'lastResponse' | 'updatingSince' | 'recordHash'> & {
    readonly record: string | null;
    readonly certification: object | null;
    readonly source: string;
  };

@Controller('api/processes')
export class ProcessesController {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly history: HistoryRepository,
    private readonly editing: EditProcess,
  ) {}

  /** In the order of section and place in the library. */
  @Get()
  @Access('viewer')
  async list(@Query(parsed(processQuery)) query: ProcessQuery): Promise<Page<ProcessView>> {
    const found = await this.processes.page(query, placeOf(query.cursor));
    const items = found.slice(0, query.limit);
    const last = found.length > items.length ? items.at(-1) : undefined;
    const next = last && toCursor([last.section ?? '', last.origin.position, last.id]);
    return { items: items.map(toView), next: next ?? null };
  }

  @Get(':id')
  @Access('viewer')
  async show(@Param('id') id: string): Promise<ProcessDetail> {
    const found = await this.processes.find(id);
    if (found === null) throw UserError.notFound(`process "${id}"`);
    return detail(found.process, found.record);
  }

  @Patch(':id')
  @Access('admin')
  async edit(
    @Param('id') id: string,
    @Body(parsed(processPatch)) patch: ProcessPatch,
    @Sender() sender: Principal,
  ): Promise<ProcessView> {
    return toView(await this.editing.edit(id, patch, sender.name));
  }

  /** Oldest first. */
  @Get(':id/history')
  @Access('viewer')
  async changes(
    @Param('id') id: string,
    @Query(parsed(pageQuery)) query: z.output<typeof pageQuery>,
  ): Promise<Page<HistoryView>> {
    if ((await this.processes.find(id)) === null) throw UserError.notFound(`process "${id}"`);
    const [after] = fromCursor(query.cursor, 1) ?? [0];
    const rows = await this.history.ofProcess(id, isCount(after) ? after : badCursor(), query.limit + 1);
    const items = rows.slice(0, query.limit);
    const last = rows.length > items.length ? items.at(-1) : undefined;
    return { items: items.map(toHistoryView), next: last ? toCursor([last.seq]) : null };
  }
}

/** Where the page before ended. */
function placeOf(cursor: string | undefined): Place | null {
  const parts = fromCursor(cursor, 3);
  if (parts === null) return null;
  const [section, position, id] = parts;
  if (typeof section !== 'string' || !isCount(position) || typeof id !== 'string') return badCursor();
  return { section, position, id };
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
