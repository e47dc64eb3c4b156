import { Body, Controller, Get, Header, HttpCode, Post, Query, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  importBody,
  importReport,
  librarySourceView,
  pageOf,
  type ImportProgress,
  type ImportReport,
  type LibrarySourceView,
  type Page,
} from '@recert/contracts';
import { Access, Describe, parsed, Sender, UserError, type Principal } from '@recert/service-kit';
import { z } from 'zod';
import { LiveStreams } from '../live/live-streams';
import { inHistory } from '../processes/sender-in-history';
import { ConfiguredLibraries } from './configured-libraries';
import { ListSources } from './list-sources';
import { untold, type TellProgress } from './tell-progress';

const dryRunQuery = z.object({ dryRun: z.enum(['true', 'false']).default('false') });

/** As much of Fastify as it takes to read Markdown. */
interface BodyParsers {
  addContentTypeParser(
    type: string,
    options: { parseAs: 'string' },
    parse: (request: unknown, body: string, done: (error: Error | null, body: string) => void) => void,
  ): void;
}

@Controller('api/library')
export class LibraryController implements OnModuleInit {
  constructor(
    private readonly libraries: ConfiguredLibraries,
    private readonly listing: ListSources,
    private readonly live: LiveStreams,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<BodyParsers>();
    fastify.addContentTypeParser('text/markdown', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  }

  /** JSON says which library; a body of `text/markdown` is the library itself, and `?dryRun=true` only tries it. */
  @Post('import')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Access('scope:library:import')
  @Describe({
    says: 'Imports a configured library, all of them, or the Markdown that is sent; a dry run only says what would change.',
    query: dryRunQuery,
    body: importBody,
    bodyText: 'text/markdown',
    answer: importReport,
  })
  async import(
    @Body() body: unknown,
    @Query(parsed(dryRunQuery)) query: z.output<typeof dryRunQuery>,
    @Sender() sender: Principal,
  ): Promise<ImportReport> {
    const order = typeof body === 'string' ? { text: body } : body;
    const { source, text, dryRun, watch } = parsed(importBody).transform(order, { type: 'body' });
    const wish = { by: inHistory(sender), dryRun: dryRun || query.dryRun === 'true', tell: this.teller(watch) };
    if (text === undefined) return this.libraries.import(source, wish);
    if (text.trim() === '') throw UserError.invalid('text', 'the library is empty: send its Markdown');
    return this.libraries.importText(text, wish);
  }

  /** Whoever imports is told by the pages of this process, and not over the bus: it is theirs alone, and soon over. */
  private teller(watch: string | undefined): TellProgress {
    if (watch === undefined) return untold;
    return (step, done = 0, of = 0) => this.live.say('import', { watch, step, done, of } satisfies ImportProgress);
  }

  @Get('sources')
  @Access('admin')
  @Describe({
    says: 'Every library that is configured, as it is written there without user names and passwords, and its last import.',
    answer: pageOf(librarySourceView),
  })
  async sources(): Promise<Page<LibrarySourceView>> {
    return { items: await this.listing.all(), next: null };
  }
}
