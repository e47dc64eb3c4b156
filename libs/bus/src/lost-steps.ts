import { type RunStep } from '@recert/contracts';
import { fromHeaders } from './envelope';
import { isStep } from './is-step';
import { type ServiceDatabase } from './service-database';
import { type StepSource } from './step-log';

/** A transaction began that long before its commit, at most; older ones are not looked for. */
const OVERLAP = '60 seconds';
const MOST_OF_EACH = 2_000;

/**
 * What steps the service's tables know of since it last told of them. Without the times and attempts that only memory
 * knew; whoever had heard of a step before loses nothing by that.
 */
export async function lostSteps(database: ServiceDatabase, sources: readonly StepSource[]): Promise<RunStep[]> {
  const [row] = await database.query<{ since: Date }>(
    `select told_until - interval '${OVERLAP}' as since from step_log`,
  );
  if (row === undefined) return [];
  const all = [handledSteps, publishedSteps, failedSteps].map((steps) => steps(database, row.since));
  const steps = await Promise.all([...all, ...sources.map((source) => source(row.since))]);
  return steps.flat();
}

async function handledSteps(database: ServiceDatabase, since: Date): Promise<RunStep[]> {
  const rows = await database.query<{ consumer: string; event_id: string; run_id: string; at: Date }>(
    `select * from inbox where at > $1 and run_id is not null order by at desc limit ${MOST_OF_EACH}`,
    [since],
  );
  return rows.map(({ consumer, event_id: eventId, run_id: runId, at }) => ({
    ...{ runId, key: `${consumer} ${eventId}`, kind: 'handler', name: consumer, causeId: eventId, by: null },
    ...{ at: at.toISOString(), tookMs: null, attempts: 1, state: 'done', error: null },
  }));
}

async function publishedSteps(database: ServiceDatabase, since: Date): Promise<RunStep[]> {
  const rows = await database.query<{ subject: string; headers: Record<string, string> }>(
    `select subject, headers from outbox where created_at > $1 order by created_at desc limit ${MOST_OF_EACH}`,
    [since],
  );
  return rows.flatMap(({ subject, headers }) => {
    const attributes = fromHeaders((name) => headers[name]);
    if (attributes === null || !isStep(subject)) return [];
    const { id: key, time: at, correlationId: runId, causationId: causeId } = attributes;
    const step = { runId, key, name: subject, causeId, by: null, at, tookMs: null, attempts: 1, error: null };
    return [{ ...step, kind: 'event', state: 'done' }];
  });
}

async function failedSteps(database: ServiceDatabase, since: Date): Promise<RunStep[]> {
  const rows = await database.query<FailedRow>(
    `select consumer, event_id, subject, headers, reason, deliveries, at from dead_letter
     where at > $1 and replayed_at is null order by at desc limit ${MOST_OF_EACH}`,
    [since],
  );
  return rows.flatMap(({ consumer, event_id: causeId, subject, headers, reason: error, deliveries, at }) => {
    const runId = headers['ce-correlationid'];
    if (runId === undefined || !isStep(subject)) return [];
    const step = { runId, key: `${consumer} ${causeId}`, name: consumer, causeId, by: null, at: at.toISOString() };
    return [{ ...step, kind: 'handler', tookMs: null, attempts: deliveries, state: 'failed', error }];
  });
}

interface FailedRow {
  readonly consumer: string;
  readonly event_id: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
  readonly reason: string;
  readonly deliveries: number;
  readonly at: Date;
}
