import { Controller, Get, Header, Param, Redirect, Req } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Access, Clock, Describe, UserError } from '@recert/service-kit';
import { QuestionRepository } from './question.repository';
import { isLinkPreview, isWebAddress } from './record-link';

/** The link under a question: notes that it was followed, and leads on to the record. */
@Controller('r')
export class RecordLinkController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly questions: QuestionRepository,
    private readonly clock: Clock,
  ) {}

  @Get(':code')
  @Access('public')
  @Describe({ says: 'Leads on to the record of a question, and notes that it was opened.', status: 302, answer: null })
  @Redirect()
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  async open(
    @Param('code') code: string,
    @Req() request: { method: string; headers: { 'user-agent'?: string } },
  ): Promise<{ url: string; statusCode: number }> {
    const counts = !isLinkPreview(request.method, request.headers['user-agent']);
    const db = this.database.dataSource.manager;
    const url = /^[A-Za-z0-9_-]{22}$/.test(code)
      ? await this.questions.noteOpened(db, code, this.clock.now(), counts)
      : undefined;
    if (!url || !isWebAddress(url)) throw UserError.notFound('record behind this link');
    return { url, statusCode: 302 };
  }
}
