import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Outcome, type Tx } from '@recert/bus';
import { KpiReceived, kpiBody, productId } from '@recert/contracts';
import { KnownTokens } from '@recert/identity';
import { type Admission, type Hook, type HookRequest, type Received } from '@recert/intake';
import { DescribeHook } from '@recert/service-kit';
import { z } from 'zod';
import { AcceptReport } from './accept-report';

/** The one answer to everybody else: it tells nobody which products there are. */
const refused: Admission = {
  ok: false,
  status: 401,
  detail: 'Send a valid token: Authorization: Bearer <token>.',
};

/** What a product reports, with its own token. */
@DescribeHook({
  path: '/hooks/kpi/{product}',
  says: 'The figures of a week: names with values, or a list that says more of each.',
  params: z.object({ product: productId }),
  body: kpiBody,
  emits: [KpiReceived],
  proof: { token: 'kpi:{product}' },
})
@Injectable()
export class KpiHook implements Hook, OnApplicationBootstrap {
  readonly name = 'kpi';
  readonly keptHeaders = ['content-type', 'user-agent'];

  constructor(
    private readonly tokens: KnownTokens,
    private readonly reports: AcceptReport,
  ) {}

  onApplicationBootstrap(): void {
    this.tokens.knowAll();
  }

  async admit({ target, headers }: HookRequest): Promise<Admission> {
    const token = target === null ? null : await this.tokens.verify(headers.authorization, `kpi:${target}`);
    if (target === null || token === null) return refused;
    return { ok: true, sender: `token ${token.id}`, repeats: 'latest', limited: true, productId: target };
  }

  handle(received: Received, tx: Tx): Promise<Outcome> {
    return this.reports.run(received, tx);
  }
}
