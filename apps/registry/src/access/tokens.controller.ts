import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { pageQuery, tokenBody, type Page, type tokenView } from '@recert/contracts';
import { Access, fromCursor, parsed, Sender, toCursor, type Principal } from '@recert/service-kit';
import { type z } from 'zod';
import { TokenRepository, type Token } from './token.repository';
import { Tokens } from './tokens';

@Controller('api/tokens')
@Access('admin')
export class TokensController {
  constructor(
    private readonly tokens: Tokens,
    private readonly stored: TokenRepository,
  ) {}

  /** The token itself is shown this once. */
  @Post()
  @HttpCode(201)
  async create(
    @Body(parsed(tokenBody)) { name, scopes }: z.output<typeof tokenBody>,
    @Sender() sender: Principal,
  ): Promise<z.output<typeof tokenView>> {
    const { id, token } = await this.tokens.create(name, scopes, sender.name);
    return { id, token };
  }

  /** Newest first, revoked ones too. */
  @Get()
  async list(@Query(parsed(pageQuery)) query: z.output<typeof pageQuery>): Promise<Page<Token>> {
    const [before] = fromCursor(query.cursor, 1) ?? [null];
    const found = await this.stored.page(before === null ? null : String(before), query.limit + 1);
    const items = found.slice(0, query.limit);
    return { items, next: found.length > items.length ? toCursor([items.at(-1)!.id]) : null };
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id') id: string, @Sender() sender: Principal): Promise<void> {
    await this.tokens.revoke(id, sender.name);
  }
}
