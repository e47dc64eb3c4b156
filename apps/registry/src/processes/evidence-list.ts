import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type ReviewView, type RevisionDetail, type revisionView } from '@recert/contracts';
import { type z } from 'zod';
import { iso } from './process';

/** After which row, by its time and key, the next page begins. */
export interface EvidencePlace {
  readonly at: Date;
  readonly key: string;
}

type Dated = 'openedAt' | 'lastRemindedAt' | 'closedAt';
type ReviewRow = Omit<ReviewView, Dated> & Readonly<Record<Dated, Date | null>>;

/** What was kept about the reviews and records of one process, newest first. */
@Injectable()
export class EvidenceList {
  constructor(private readonly database: ServiceDatabase) {}

  async revisions(
    processId: string,
    after: EvidencePlace | null,
    limit: number,
  ): Promise<z.output<typeof revisionView>[]> {
    const rows = await this.database.query<{ hash: string; at: Date }>(
      `select record_hash as hash, at from record_revision
       where process_id = $1 and ($2::timestamptz is null or (at, record_hash) < ($2, $3::text))
       order by at desc, record_hash desc limit $4`,
      [processId, after?.at ?? null, after?.key ?? null, limit],
    );
    return rows.map(({ hash, at }) => ({ hash, at: at.toISOString() }));
  }

  /** Null where this process never had such a record. */
  async revision(processId: string, hash: string): Promise<RevisionDetail | null> {
    const [row] = await this.database.query<{ hash: string; at: Date; record: string }>(
      'select record_hash as hash, at, record from record_revision where process_id = $1 and record_hash = $2',
      [processId, hash],
    );
    return row === undefined ? null : { ...row, at: row.at.toISOString() };
  }

  /** Each with all its answers, taken or refused. */
  async reviews(processId: string, after: EvidencePlace | null, limit: number): Promise<ReviewView[]> {
    const rows = await this.database.query<ReviewRow>(
      `select v.id, v.reason, v.opened_at as "openedAt", v.asked_by as "askedBy", v.reminders, v.last_reminded_at as "lastRemindedAt",
         v.closed_at as "closedAt", v.outcome, v.answered_by as "answeredBy", v.record_opened as "recordOpened",
         coalesce(r.responses, '[]') as responses
       from review v left join lateral (
         select json_agg(json_build_object('answer', answer, 'by', by, 'standing', standing, 'channel', channel,
           'at', at, 'recordOpened', record_opened, 'refused', refused) order by at, id) as responses
         from response where review_id = v.id and process_id = v.process_id) r on true
       where v.process_id = $1 and ($2::timestamptz is null or (v.opened_at, v.id) < ($2, $3::uuid))
       order by v.opened_at desc, v.id desc limit $4`,
      [processId, after?.at ?? null, after?.key ?? null, limit],
    );
    return rows.map(toView);
  }
}

function toView({ openedAt, lastRemindedAt, closedAt, responses, ...same }: ReviewRow): ReviewView {
  return {
    ...same,
    openedAt: openedAt!.toISOString(),
    lastRemindedAt: iso(lastRemindedAt),
    closedAt: iso(closedAt),
    // Within JSON PostgreSQL writes an instant in the zone of the session.
    responses: responses.map((response) => ({ ...response, at: new Date(response.at).toISOString() })),
  };
}
