import { Injectable } from '@nestjs/common';
import { drop, type Outcome, type Tx } from '@recert/bus';
import { ReviewRequested, TaskReported } from '@recert/contracts';
import { type Admission, type Hook, type HookRequest, type Received } from '@recert/intake';
import { DescribeHook } from '@recert/service-kit';
import { z } from 'zod';
import { Tokens } from '../access/tokens';
import { faultOfSubject, readSaid } from './read-said';
import { SayForOutsider } from './say-for-outsider';

/** The one answer to everybody else. */
const REFUSED: Admission = {
  ok: false,
  status: 401,
  detail: 'Send a valid token: Authorization: Bearer <token>, with the scope events:<subject>.',
};
const SCOPE = 'events:';
const SENDER = 'token ';

/** What a trusted outside system says on the bus, with a token for that subject. */
@DescribeHook({
  path: '/hooks/events/{subject}',
  says: 'A fact of an outside system: any JSON object for outside.<word>, or a wish for a review, or a task that ran.',
  params: z.object({ subject: z.string() }),
  body: z.looseObject({}),
  emits: [ReviewRequested, TaskReported],
  proof: { token: 'events:{subject}' },
})
@Injectable()
export class EventsHook implements Hook {
  readonly name = 'events';
  readonly keptHeaders = ['content-type', 'user-agent'];

  constructor(
    private readonly tokens: Tokens,
    private readonly sayer: SayForOutsider,
  ) {}

  /** Who may say something hears at once what is wrong with what was sent: nobody else would tell them. */
  async admit({ target, headers, body }: HookRequest): Promise<Admission> {
    const token = await this.tokens.ofHeader(headers.authorization);
    if (token === null || target === null || !token.scopes.some((scope) => scope.startsWith(SCOPE))) return REFUSED;
    const fault = faultOfSubject(target);
    if (fault !== null) return { ok: false, status: 422, detail: fault };
    if (!token.scopes.includes(SCOPE + target)) return REFUSED;
    const read = readSaid(target, body);
    if (!read.ok) return read;
    return { ok: true, sender: SENDER + token.id, repeats: 'latest', limited: true, productId: token.product };
  }

  async handle({ id, target, sender, body, receivedAt }: Received, tx: Tx): Promise<Outcome> {
    const read = readSaid(target ?? '', body);
    if (!read.ok) return drop(read.detail);
    const by = (await this.tokens.nameOf(sender.slice(SENDER.length))) ?? sender;
    return this.sayer.say(tx, read.said, { id, by, at: receivedAt });
  }
}
