import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { processStatus, type ProcessSummary } from '@recert/contracts';
import { EVERY_PRODUCT } from './process';

const YEAR_MS = 365 * 24 * 60 * 60_000;

/** Counts as PostgreSQL gives them, within JSON. */
interface Counted {
  readonly statuses: Readonly<Record<string, number>> | null;
  readonly total: number;
  readonly documented: number;
  readonly certified: number;
  readonly unowned: number;
  readonly closed: number;
  readonly on_time: number;
  readonly certifications: number;
  readonly stamped: number;
  readonly sections: readonly string[] | null;
  readonly owners: readonly string[] | null;
}

/** $1 to $2 is the year that is looked at, both ends in it. */
const SUMMARY = `
  with counted as (
    select id, status, documented, owner, section, section_key from process
    where status <> 'retired' and product is distinct from '${EVERY_PRODUCT}'),
  processes as (
    select count(*)::int as total,
      count(*) filter (where documented)::int as documented,
      count(*) filter (where documented and status = 'certified')::int as certified,
      count(*) filter (where owner is null)::int as unowned
    from counted),
  reviews as (
    select count(*)::int as closed,
      count(*) filter (where outcome = 'certified' and overdue_at is null)::int as on_time
    from review where closed_at between $1 and $2 and process_id in (select id from counted)),
  certifications as (
    select count(*)::int as certifications, count(*) filter (where record_opened = false)::int as stamped
    from response where answer = 'correct' and refused is null and at between $1 and $2
      and process_id in (select id from counted))
  select processes.*, reviews.*, certifications.*,
    (select json_object_agg(status, n) from (select status, count(*) as n from counted group by status) s) as statuses,
    (select json_agg(section order by section_key, section)
      from (select distinct section, section_key from counted where section is not null) s) as sections,
    (select json_agg(owner order by owner)
      from (select distinct owner from counted where owner is not null) o) as owners
  from processes, reviews, certifications`;

/** How the library stands, of everything that is neither retired nor a template. */
@Injectable()
export class SummarizeProcesses {
  constructor(private readonly database: ServiceDatabase) {}

  /** The shares of reviews and certifications are those of the 365 days until `now`. */
  async summary(now: Date): Promise<ProcessSummary> {
    const [row] = await this.database.query<Counted>(SUMMARY, [new Date(now.getTime() - YEAR_MS), now]);
    return toSummary(row!);
  }
}

function toSummary(counted: Counted): ProcessSummary {
  const { total, documented, unowned, statuses, sections, owners } = counted;
  const byStatus = Object.fromEntries(processStatus.options.map((status) => [status, statuses?.[status] ?? 0]));
  return {
    total,
    byStatus: byStatus as ProcessSummary['byStatus'],
    documented,
    unowned,
    certifiedShare: share(counted.certified, documented),
    onTimeShare: share(counted.on_time, counted.closed),
    stampedShare: share(counted.stamped, counted.certifications),
    sections: [...(sections ?? [])],
    owners: [...(owners ?? [])],
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
