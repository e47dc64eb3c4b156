import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuery,
  tokenBody,
  tokenListView,
  tokenView,
  type Page,
  type TokenListView,
} from '@recert/contracts';
import { Access, Describe, fromCursor, parsed, Sender, toCursor, type Principal } from '@recert/service-kit';
import { type z } from 'zod';
import { toListView, TokenRepository } from './token.repository';
import { Tokens } from './tokens';

@Controller('api/tokens')
@Access('admin')
export class TokensController {
  constructor(
    private readonly tokens: Tokens,
    private readonly stored: TokenRepository,
  ) {}

  @Post()
  @HttpCode(201)
  @Describe({ says: 'Makes a token, which is shown this once.', body: tokenBody, answer: tokenView })
  async create(
    @Body(parsed(tokenBody)) { name, scopes }: z.output<typeof tokenBody>,
    @Sender() sender: Principal,
  ): Promise<z.output<typeof tokenView>> {
    const { id, token } = await this.tokens.create(name, scopes, sender.name);
    return { id, token };
  }

  @Get()
  @Describe({
    says: 'All tokens without their secrets, newest first, revoked ones too.',
    query: pageQuery,
    answer: pageOf(tokenListView),
  })
  async list(@Query(parsed(pageQuery)) query: z.output<typeof pageQuery>): Promise<Page<TokenListView>> {
    const [before] = fromCursor(query.cursor, 1) ?? [null];
    const found = await this.stored.page(before === null ? null : String(before), query.limit + 1);
    const items = found.slice(0, query.limit).map(toListView);
    return { items, next: found.length > items.length ? toCursor([items.at(-1)!.id]) : null };
  }

  @Delete(':id')
  @HttpCode(204)
  @Describe({ says: 'Ends a token.', answer: null })
  async revoke(@Param('id') id: string, @Sender() sender: Principal): Promise<void> {
    await this.tokens.revoke(id, sender.name);
  }
}
