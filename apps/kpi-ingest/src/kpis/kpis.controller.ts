import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { unstorableIn, type Cause } from '@recert/bus';
import {
  kpiQuery,
  type KpiQuery,
  kpiTestBody,
  type KpiTestView,
  kpiTestView,
  type KpiView,
  kpiView,
  type Page,
  pageOf,
} from '@recert/contracts';
import {
  Access,
  badCursor,
  Describe,
  fromCursor,
  parsed,
  type Principal,
  Requested,
  Sender,
  toCursor,
  UserError,
} from '@recert/service-kit';
import { type z } from 'zod';
import { isWeek } from '../weeks/iso-week';
import { KpiListRepository, type Place } from './kpi-list.repository';
import { SendTestReport } from './send-test-report';

const testTarget = kpiTestBody.pick({ product: true });

/** What products have reported. */
@Controller('api/kpis')
export class KpisController {
  constructor(
    private readonly kpis: KpiListRepository,
    private readonly testing: SendTestReport,
  ) {}

  /** By week and name, oldest first. */
  @Get()
  @Access('viewer')
  @Describe({
    says: 'The figures of products by week and name, oldest first.',
    query: kpiQuery,
    answer: pageOf(kpiView),
  })
  async list(@Query(parsed(kpiQuery)) { limit, cursor, ...query }: KpiQuery): Promise<Page<KpiView>> {
    for (const field of ['from', 'to'] as const) holdToCalendar(field, query[field]);
    const lines = await this.kpis.list(query, limit + 1, placeOf(cursor));
    const items = lines.slice(0, limit);
    const last = lines.length > limit ? items.at(-1) : undefined;
    return { items, next: last ? toCursor([last.week, last.name, last.product]) : null };
  }

  /** But for the product, the body is read as the hook reads it. */
  @Post('test')
  @HttpCode(200)
  @Access('owner')
  @Describe({
    says: 'Tells of a report as a test whoever hears of a real one, and counts nothing: for an admin or the owner of the product.',
    body: kpiTestBody,
    answer: kpiTestView,
  })
  test(
    @Body(parsed(testTarget)) { product }: z.output<typeof testTarget>,
    @Body() body: unknown,
    @Sender() sender: Principal,
    @Requested() cause: Cause,
  ): Promise<KpiTestView> {
    return this.testing.run(product, body, sender, cause);
  }
}

/** @throws UserError 400 for a week 53 that its year does not have */
function holdToCalendar(field: 'from' | 'to', week: string | undefined): void {
  if (week === undefined || isWeek(week)) return;
  const message = `there is no ${week}, that year ends with week 52`;
  throw new UserError(400, `${field}: ${message}`, [{ field, message }]);
}

/** @throws UserError 400 when it is not a cursor of this list */
function placeOf(cursor: string | undefined): Place | null {
  const parts = fromCursor(cursor, 3);
  if (parts === null) return null;
  const isOurs = parts.every((part) => typeof part === 'string') && unstorableIn(parts, JSON.stringify(parts)) === null;
  return isOurs ? (parts as unknown as Place) : badCursor();
}
