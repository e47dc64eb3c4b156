import { isStep, type ServiceDatabase, type Tx } from '@recert/bus';
import { type RunStep } from '@recert/contracts';
import { type ClaimedDelivery } from './delivery';

const MOST_TOLD_AGAIN = 2_000;

/** The run that a message belongs to and the event that it follows from; two nulls where it follows from none. */
export function causeOf({ cause }: Tx): [string | null, string | null] {
  return cause === null || !isStep(cause.type) ? [null, null] : [cause.correlationId, cause.id];
}

/** What became of an attempt to send a message. */
export interface Attempt extends Pick<RunStep, 'state' | 'error'> {
  readonly tookMs?: number;
}

/** Tells what became of it, where it is a step of a run. */
export function noteMessage(
  database: ServiceDatabase,
  { id, kind, runId, causeId, attempts }: ClaimedDelivery,
  { state, error, tookMs = 0 }: Attempt,
): void {
  if (runId === null) return;
  const took = tookMs > 0 ? tookMs : null;
  database.steps.note({
    ...messageStep({ id, kind, runId, causeId }),
    ...{ at: new Date().toISOString(), tookMs: took, attempts, state, error },
  });
}

/** After a crash, those that were sent are told of again. */
export function tellMessagesAgain(database: ServiceDatabase): void {
  database.steps.tellAgain(async (since) => {
    const rows = await database.query<SentRow>(
      `select id, kind, run_id as "runId", cause_id as "causeId", attempts, sent_at as at from delivery
       where sent_at > $1 and run_id is not null order by sent_at desc limit ${MOST_TOLD_AGAIN}`,
      [since],
    );
    return rows.map(({ attempts, at, ...sent }) => ({
      ...messageStep(sent),
      ...{ at: at.toISOString(), tookMs: null, attempts, state: 'done', error: null },
    }));
  });
}

interface Told extends Pick<ClaimedDelivery, 'kind' | 'causeId'> {
  readonly id: number | string;
  readonly runId: string;
}

interface SentRow extends Told {
  readonly attempts: number;
  readonly at: Date;
}

function messageStep({
  id,
  kind,
  runId,
  causeId,
}: Told): Pick<RunStep, 'runId' | 'key' | 'kind' | 'name' | 'causeId' | 'by'> {
  return { runId, key: `message ${id}`, kind: 'message', name: `telegram.${kind}`, causeId, by: null };
}
