import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { processStatus, type ProcessSummary } from '@recert/contracts';
import { EVERY_PRODUCT } from './process';

const YEAR_MS = 365 * 24 * 60 * 60_000;

interface Counted {
  readonly statuses: Readonly<Record<string, number>> | null;
  readonly total: number;
  readonly documented: number;
  readonly certified: number;
  readonly unowned: number;
  readonly sections: readonly string[] | null;
  readonly owners: readonly string[] | null;
}

interface Evidence {
  readonly closed: number;
  readonly on_time: number;
  readonly certifications: number;
  readonly stamped: number;
}

const COUNTED = `status <> 'retired' and product is distinct from '${EVERY_PRODUCT}'`;
/** There are few of these, so that they are looked up faster than all the others. */
const LEFT_OUT = `select id from process where status = 'retired' or product = '${EVERY_PRODUCT}'`;
const NEXT_SECTION = `select section_key, section from process
  where ${COUNTED} and section_key > coalesce(s.section_key, '') order by section_key, id limit 1`;

/** Sections are found by leaps over the index; those that differ in capitals alone are one. */
const COUNTS = `
  with recursive counted as (
    select status, documented, owner, count(*)::int as n from process where ${COUNTED}
    group by status, documented, owner),
  section as (
    select null::text collate "C" as section_key, null::text as section
    union all select n.* from section s, lateral (${NEXT_SECTION}) n)
  select coalesce(sum(n), 0)::int as total,
    coalesce(sum(n) filter (where documented), 0)::int as documented,
    coalesce(sum(n) filter (where documented and status = 'certified'), 0)::int as certified,
    coalesce(sum(n) filter (where owner is null), 0)::int as unowned,
    (select json_object_agg(status, n) from (select status, sum(n) as n from counted group by status) s) as statuses,
    (select json_agg(section order by section_key) from section where section is not null) as sections,
    (select json_agg(owner order by owner)
      from (select distinct owner from counted where owner is not null) o) as owners
  from counted`;

/** $1 to $2 is the year that is looked at, both ends in it. */
const EVIDENCE = `
  with reviews as (
    select count(*)::int as closed,
      count(*) filter (where outcome = 'certified' and overdue_at is null)::int as on_time
    from review where closed_at between $1 and $2 and process_id not in (${LEFT_OUT})),
  certifications as (
    select count(*)::int as certifications, count(*) filter (where record_opened = false)::int as stamped
    from response where answer = 'correct' and refused is null and at between $1 and $2
      and process_id not in (${LEFT_OUT}))
  select reviews.*, certifications.* from reviews, certifications`;

/** How the library stands, of everything that is neither retired nor a template. */
@Injectable()
export class SummarizeProcesses {
  constructor(private readonly database: ServiceDatabase) {}

  /** The shares of reviews and certifications are those of the 365 days until `now`. */
  async summary(now: Date): Promise<ProcessSummary> {
    const [[counted], [evidence]] = await Promise.all([
      this.database.query<Counted>(COUNTS),
      this.database.query<Evidence>(EVIDENCE, [new Date(now.getTime() - YEAR_MS), now]),
    ]);
    return toSummary(counted!, evidence!);
  }
}

function toSummary(counted: Counted, evidence: Evidence): ProcessSummary {
  const { total, documented, unowned, statuses, sections, owners } = counted;
  const byStatus = Object.fromEntries(processStatus.options.map((status) => [status, statuses?.[status] ?? 0]));
  return {
    total,
    byStatus: byStatus as ProcessSummary['byStatus'],
    documented,
    unowned,
    certifiedShare: share(counted.certified, documented),
    onTimeShare: share(evidence.on_time, evidence.closed),
    stampedShare: share(evidence.stamped, evidence.certifications),
    sections: [...(sections ?? [])],
    owners: [...(owners ?? [])],
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
