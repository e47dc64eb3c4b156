import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { openReviewOf, type Standing } from '@recert/recertification';
import { EvidenceRepository, type Response } from './evidence.repository';
import { whyNotAsked, type Process } from './process';
import { command, type Commanded, type ProcessChange, type Rules } from './process-change';
import { PROCESS_RULES } from './process-rules';
import { ProcessWriter } from './write-process-changes';

/** The process after an answer; `refused` says why it was not taken. */
export interface Answered {
  readonly process: Process;
  readonly refused: { readonly reason: string; readonly message: string } | null;
}

/** Takes a person's answer about a process, through whatever door it came. */
@Injectable()
export class AnswerProcess {
  constructor(
    private readonly writer: ProcessWriter,
    private readonly evidence: EvidenceRepository,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  /**
   * Keeps the answer, taken or refused, and announces the process either way, so that every channel can show what
   * became of it.
   * @param process locked by the transaction
   * @param standing what the one who answers is to this process
   */
  async answer(tx: Tx, process: Process, response: Response, standing: Standing): Promise<Answered> {
    const decided = this.decide(process, response, standing);
    const refused = 'refused' in decided ? decided.refused : null;
    const { id, reviewId, answer, by, channel, at } = response;
    const lastResponse = { id, reviewId, answer, by, channel, at, refused: refused?.message ?? null };
    const next = 'refused' in decided ? { after: process, events: [] } : decided;
    const change: ProcessChange = {
      before: process,
      after: { ...next.after, lastResponse },
      events: next.events,
      reason: { at, by, cause: `answer: ${answer}`, source: channel },
    };
    // Whoever names no review answers the one that is open: the evidence says which that was.
    const kept = { ...response, reviewId: reviewId ?? openReviewOf(process.state)?.id ?? null };
    const [, [after]] = await Promise.all([
      this.evidence.keepResponse(tx, kept, { standing, refused: refused?.message ?? null }),
      this.writer.write(tx, [change]),
    ]);
    return { process: after!, refused };
  }

  private decide(process: Process, response: Response, standing: Standing): Commanded {
    const message = process.state.status === 'retired' ? null : whyNotAsked(process);
    if (message !== null) return { refused: { reason: 'nothing-to-answer', message } };
    const { at, reviewId, answer, by, recordOpened } = response;
    return command(process, { type: 'respond', at, reviewId, answer, by, standing, recordOpened }, this.rules);
  }
}

/** What somebody is to a process: its owner before its deputy before an admin. */
export function standingOf(process: Process, handle: string | null, isAdmin: boolean): Standing {
  if (handle !== null && handle === process.owner) return 'owner';
  if (handle !== null && handle === process.deputy) return 'deputy';
  return isAdmin ? 'admin' : 'stranger';
}
