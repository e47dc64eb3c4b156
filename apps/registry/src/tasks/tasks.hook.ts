import { Injectable } from '@nestjs/common';
import { done, drop, type Outcome, type Tx } from '@recert/bus';
import { ReleaseReported, TaskDown, TaskRecovered, outsideTaskId, taskReportBody } from '@recert/contracts';
import { type Admission, type Hook, type HookRequest, type Received } from '@recert/intake';
import { DescribeHook } from '@recert/service-kit';
import { z } from 'zod';
import { Tokens } from '../access/tokens';
import { NoteReport } from './note-report';
import { readReport } from './read-report';
import { scopeOf } from './task';

/** The one answer to everybody else: it tells nobody which tasks there are. */
const REFUSED: Admission = {
  ok: false,
  status: 401,
  detail: 'Send the token of the task: Authorization: Bearer <token>.',
};
/** So soon the same words are a sender that did not hear the answer, and later the next run. */
const REPEAT_MS = 10_000;

/** What a task that runs outside reports: that it starts, has succeeded or has failed. */
@DescribeHook({
  path: '/hooks/tasks/{task}',
  says: 'A task has started, succeeded or failed: as JSON, or as ?status= with its log as text, or with nothing, for a body.',
  params: z.object({ task: outsideTaskId }),
  query: z.object({ status: z.enum(['start', 'success', 'fail']).optional() }),
  body: taskReportBody,
  emits: [ReleaseReported, TaskDown, TaskRecovered],
  proof: { token: 'tasks:{task}' },
})
@Injectable()
export class TasksHook implements Hook {
  readonly name = 'tasks';
  readonly keptHeaders = ['user-agent'];
  /** Text, what curl says of a form, and nothing at all. */
  readonly otherTypes = /^(?:text\/plain\b.*|application\/x-www-form-urlencoded\b.*|)$/i;

  constructor(
    private readonly tokens: Tokens,
    private readonly reports: NoteReport,
  ) {}

  /** Who has the token hears at once what is wrong with what was sent. */
  async admit({ target, query, headers, body }: HookRequest): Promise<Admission> {
    const token = await this.tokens.ofHeader(headers.authorization);
    if (token === null || target === null || !token.scopes.includes(scopeOf(target))) return REFUSED;
    const read = readReport({ contentType: headers['content-type'], status: query.get('status'), body });
    if (!read.ok) return { ok: false, status: 422, detail: read.detail };
    // What the address says belongs to what is kept, and only the end of a log is.
    const kept = Buffer.from(JSON.stringify(read.report));
    const sender = `token ${token.id}`;
    return { ok: true, sender, repeats: 'latest', repeatMs: REPEAT_MS, kept, limited: true, productId: token.product };
  }

  async handle({ id, target, body, receivedAt }: Received, tx: Tx): Promise<Outcome> {
    const { status, log, ...about } = taskReportBody.parse(JSON.parse(body.toString('utf8')));
    const refusal = await this.reports.note(tx, target ?? '', { id, status, at: receivedAt, log: log ?? null }, about);
    return refusal === null ? done : drop(refusal);
  }
}
