import { Controller, Get, Query } from '@nestjs/common';
import { pageOf, releaseQuery, releaseView, type Page, type ReleaseQuery, type ReleaseView } from '@recert/contracts';
import { Access, Describe, pageFrom, parsed, timePlaceOf } from '@recert/service-kit';
import { toReleaseView } from './release';
import { ReleaseRepository } from './release.repository';

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
    const { limit, cursor } = query;
    const found = await this.releases.page({ ...query, limit: limit + 1 }, timePlaceOf(cursor));
    const { items, next } = pageFrom(found, limit, ({ at, id }) => [at.getTime(), id]);
    return { items: items.map(toReleaseView), next };
  }
}
