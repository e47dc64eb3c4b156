import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { iso } from '../processes/process';
import { type RoundPeriod } from './round-period';
import { type RoundReview } from './tally-round';

type Dated = 'askedAt' | 'answeredAt' | 'firstAnsweredAt';
type Row = Omit<RoundReview, Dated> & { askedAt: Date; answeredAt: Date | null; firstAnsweredAt: Date | null };

/**
 * A review with its process as it is now. Its answer is the last one that was taken; whether the record was opened is
 * known of the answer that certified.
 */
const REVIEWS = `
  select v.process_id as "processId", p.name, p.section, p.owner, p.status, v.reason, v.opened_at as "askedAt",
    v.reminders, last.answer, last.by as "answeredBy", last.at as "answeredAt", v.record_opened as "recordOpened",
    v.closed_at is null and p.status = 'overdue' as late, v.outcome, first.at as "firstAnsweredAt"
  from review v
    join process p on p.id = v.process_id
    left join lateral (
      select answer, by, at from response
      where review_id = v.id and process_id = v.process_id and refused is null order by at desc, id desc limit 1
    ) last on true
    left join lateral (
      select at from response
      where review_id = v.id and process_id = v.process_id and refused is null order by at, id limit 1
    ) first on true
  where v.opened_at >= $1 and v.opened_at < $2
  order by v.opened_at, v.id`;

/** The reviews of a time, out of the tables review, response and process. */
@Injectable()
export class RoundRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Those that were opened in this time, oldest first. */
  async opened({ from, to }: RoundPeriod): Promise<RoundReview[]> {
    const rows = await this.database.query<Row>(REVIEWS, [from, to]);
    return rows.map(({ askedAt, answeredAt, firstAnsweredAt, ...same }) => ({
      ...same,
      ...{ askedAt: askedAt.toISOString(), answeredAt: iso(answeredAt), firstAnsweredAt: iso(firstAnsweredAt) },
    }));
  }
}
