import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { TokenUsed } from '@recert/contracts';
import { TokenRepository } from './token.repository';

/** Whoever looks at a token sees when it was last used, at whichever service. */
@Controller()
export class NoteUseWhenTokenIsUsed {
  constructor(private readonly tokens: TokenRepository) {}

  @OnEvent(TokenUsed, { durable: 'registry.note-use-when-token-is-used' })
  async handle({ uses }: TokenUsed, { tx }: Delivery): Promise<Outcome> {
    await this.tokens.noteUses(tx, uses);
    return done;
  }
}
