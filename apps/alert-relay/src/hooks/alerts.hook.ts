import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { done, drop, type Outcome, type Tx } from '@recert/bus';
import { AlertRaised, AlertResolved, genericAlertBody } from '@recert/contracts';
import { KnownTokens } from '@recert/identity';
import { type Admission, FORM_TYPES, type Hook, type HookRequest, parseBody, type Received } from '@recert/intake';
import { DescribeHook } from '@recert/service-kit';
import { z } from 'zod';
import { ApplySigns } from '../alerts/apply-signs';
import { TOKEN_SOURCES } from '../sources/read-source';
import { tokenOfRequest } from './token-of-request';

const REFUSED: Admission = {
  ok: false,
  status: 401,
  detail: 'Send a token for this source: Authorization: Bearer <token>, as a basic password, or as ?token=.',
};

/** Alerts of everything that sends with a token: its path names the source, as does the scope of the token. */
@DescribeHook({
  path: '/hooks/alerts/{source}',
  says: 'Alerts as their source sends them, in JSON or in the field `data` of a form; its token may be a basic password, too.',
  params: z.object({ source: z.enum(Object.keys(TOKEN_SOURCES)) }),
  query: z.object({ token: z.string().optional() }),
  body: z.union([genericAlertBody, z.looseObject({})]),
  emits: [AlertRaised, AlertResolved],
  proof: { token: 'alerts:{source}' },
})
@Injectable()
export class AlertsHook implements Hook, OnApplicationBootstrap {
  readonly name = 'alerts';
  readonly keptHeaders = ['content-type'];
  readonly otherTypes = FORM_TYPES;

  constructor(
    private readonly tokens: KnownTokens,
    private readonly signs: ApplySigns,
  ) {}

  onApplicationBootstrap(): void {
    this.tokens.knowAll();
  }

  /** A source that nobody knows has no token. */
  async admit(request: HookRequest): Promise<Admission> {
    const { target } = request;
    const token = tokenOfRequest(request);
    if (target === null || token === null || !Object.hasOwn(TOKEN_SOURCES, target)) return REFUSED;
    const known = await this.tokens.verifyToken(token, `alerts:${target}`);
    if (known === null) return REFUSED;
    return { ok: true, sender: `token ${known.id}`, repeats: 'latest', limited: true, productId: known.productId };
  }

  async handle({ id, target, headers, body, receivedAt, productId }: Received, tx: Tx): Promise<Outcome> {
    const source = target ?? '';
    const readSigns = TOKEN_SOURCES[source];
    if (readSigns === undefined) return drop(`${source} is no source of alerts`);
    const parsed = await parseBody(headers['content-type'], body, 'data');
    if (!parsed.ok) return drop(parsed.reason);
    const reading = readSigns(headers, parsed.value, receivedAt);
    if (!reading.ok) return drop(reading.reason);
    await this.signs.apply(tx, { source, hookId: id, receivedAt, productId }, reading.signs);
    return done;
  }
}
