import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuery,
  reviewView,
  revisionDetail,
  revisionView,
  type Page,
  type ReviewView,
  type RevisionDetail,
} from '@recert/contracts';
import { Access, badCursor, Describe, fromCursor, pageFrom, parsed, UserError } from '@recert/service-kit';
import { z } from 'zod';
import { EvidenceList, type EvidencePlace } from './evidence-list';
import { ProcessRepository } from './process.repository';

type PageQuery = z.output<typeof pageQuery>;
type RevisionView = z.output<typeof revisionView>;

const instant = z.iso.datetime();

/** What was kept about one process: its records, and who was asked about them. */
@Controller('api/processes/:id')
export class EvidenceController {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly evidence: EvidenceList,
  ) {}

  @Get('revisions')
  @Access('viewer')
  @Describe({ says: 'Every text its record had, newest first.', query: pageQuery, answer: pageOf(revisionView) })
  async revisions(@Param('id') id: string, @Query(parsed(pageQuery)) query: PageQuery): Promise<Page<RevisionView>> {
    await this.mustExist(id);
    const rows = await this.evidence.revisions(id, placeOf(query.cursor, z.string()), query.limit + 1);
    return pageFrom(rows, query.limit, ({ at, hash }) => [at, hash]);
  }

  @Get('revisions/:hash')
  @Access('viewer')
  @Describe({ says: 'One of these texts.', answer: revisionDetail })
  async revision(@Param('id') id: string, @Param('hash') hash: string): Promise<RevisionDetail> {
    const revision = await this.evidence.revision(id, hash);
    if (revision === null) throw UserError.notFound(`revision "${hash}" of a process "${id}"`);
    return revision;
  }

  @Get('reviews')
  @Access('viewer')
  @Describe({
    says: 'Its reviews, newest first: who was asked when, how often, and every answer that arrived.',
    query: pageQuery,
    answer: pageOf(reviewView),
  })
  async reviews(@Param('id') id: string, @Query(parsed(pageQuery)) query: PageQuery): Promise<Page<ReviewView>> {
    await this.mustExist(id);
    const rows = await this.evidence.reviews(id, placeOf(query.cursor, z.uuid()), query.limit + 1);
    return pageFrom(rows, query.limit, (review) => [review.openedAt, review.id]);
  }

  private async mustExist(id: string): Promise<void> {
    if (!(await this.processes.exists(id))) throw UserError.notFound(`process "${id}"`);
  }
}

function placeOf(cursor: string | undefined, keys: z.ZodType<string>): EvidencePlace | null {
  const parts = fromCursor(cursor, 2);
  if (parts === null) return null;
  const [at, key] = [instant.safeParse(parts[0]), keys.safeParse(parts[1])];
  return at.success && key.success ? { at: new Date(at.data), key: key.data } : badCursor();
}
