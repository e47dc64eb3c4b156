import { Body, Controller, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  publicationView,
  publicView,
  publishBody,
  readerReportAnswer,
  readerReportBody,
  type PublicationView,
  type PublicView,
  type PublishBody,
  type ReaderReportBody,
} from '@recert/contracts';
import { Access, Describe, parsed, Sender, type Principal } from '@recert/service-kit';
import { ReadPublicPage } from './read-public-page';
import { PublishProcess } from './publish-process';
import { badgeOf, drawBadge } from './badge';
import { ReportOutdated } from './report-outdated';

/** What readers outside see of a process, where it is switched on; everything else is the same "there is no such page". */
@Controller()
export class ReadersController {
  constructor(
    private readonly pages: ReadPublicPage,
    private readonly publishing: PublishProcess,
    private readonly reporting: ReportOutdated,
  ) {}

  @Put('api/processes/:id/public')
  @Access('admin')
  @Describe({ says: 'Switches the public page of a process on or off.', body: publishBody, answer: publicationView })
  async publish(
    @Param('id') id: string,
    @Body(parsed(publishBody)) { on }: PublishBody,
    @Sender() sender: Principal,
  ): Promise<PublicationView> {
    await this.publishing.set(id, on, sender.name);
    return this.pages.publication(id);
  }

  @Get('api/processes/:id/public')
  @Access('viewer')
  @Describe({ says: 'Whether a process has a public page, and what its readers reported.', answer: publicationView })
  async publication(@Param('id') id: string): Promise<PublicationView> {
    return this.pages.publication(id);
  }

  @Get('api/public/:id')
  @Access('public')
  @Header('Cache-Control', 'public, max-age=60')
  @Describe({ says: 'What a reader outside sees of a process whose public page is on.', answer: publicView })
  async read(@Param('id') id: string): Promise<PublicView> {
    return this.pages.read(id);
  }

  @Post('api/public/:id/outdated')
  @HttpCode(202)
  @Access('public')
  @Describe({
    says: 'A reader says that the record is outdated: its owner is asked, unless they are asked already.',
    body: readerReportBody,
    answer: readerReportAnswer,
  })
  async report(
    @Param('id') id: string,
    @Body(parsed(readerReportBody)) { text }: ReaderReportBody,
  ): Promise<{ reported: true }> {
    await this.reporting.report(id, text);
    return { reported: true };
  }

  @Get('p/:id.svg')
  @Access('public')
  @Header('Content-Type', 'image/svg+xml; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=300')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  @Describe({ says: 'The badge of a process, for READMEs.', type: 'image/svg+xml' })
  async badge(@Param('id') id: string): Promise<string> {
    const { certifiedUntil } = await this.pages.read(id);
    return drawBadge(badgeOf(certifiedUntil === null ? null : new Date(certifiedUntil)));
  }
}
