import { Controller, Get, Query } from '@nestjs/common';
import { pageOf, releaseQuery, releaseView, type Page, type ReleaseQuery, type ReleaseView } from '@recert/contracts';
import { Access, badCursor, Describe, fromCursor, parsed, toCursor } from '@recert/service-kit';
import { toReleaseView } from './release';
import { ReleaseRepository, type ReleasePlace } from './release.repository';

@Controller('api/releases')
export class ReleasesController {
  constructor(private readonly releases: ReleaseRepository) {}

  @Get()
  @Access('viewer')
  @Describe({
    says: 'What was released, newest first, with the process that it is evidence of.',
    query: releaseQuery,
    answer: pageOf(releaseView),
  })
  async list(@Query(parsed(releaseQuery)) query: ReleaseQuery): Promise<Page<ReleaseView>> {
    const items = await this.releases.page({ ...query, limit: query.limit + 1 }, placeOf(query.cursor));
    const page = items.slice(0, query.limit);
    const last = items.length > query.limit ? page.at(-1) : undefined;
    return { items: page.map(toReleaseView), next: last === undefined ? null : toCursor([last.at.getTime(), last.id]) };
  }
}

function placeOf(cursor: string | undefined): ReleasePlace | null {
  const parts = fromCursor(cursor, 2);
  if (parts === null) return null;
  const [at, id] = parts;
  const date = new Date(Number(at));
  return typeof id === 'string' && !Number.isNaN(date.getTime()) ? { at: date, id } : badCursor();
}
