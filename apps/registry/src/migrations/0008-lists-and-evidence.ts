import { type MigrationInterface, type QueryRunner } from 'typeorm';

const up = `
  -- A period's length does not depend on any setting, which PostgreSQL cannot know of a cast.
  create function period_length(period text) returns interval
    language sql immutable strict parallel safe return period::interval;

  -- What is sorted by and searched in: small and capital letters are alike whatever the locale of the database. An index
  -- takes at most 2704 bytes a row: the first 300 characters of a name and 150 of a section count.
  alter table process
    add column name_key text collate "C" not null
      generated always as (left(lower(name collate "und-x-icu"), 300)) stored,
    add column section_key text collate "C"
      generated always as (left(lower(section collate "und-x-icu"), 150)) stored;

  drop index process_in_order;
  drop index process_owner;
  create index process_by_library on process (section_key, position, id);
  create index process_by_name on process (name_key, id);
  create index process_by_section on process (section_key, id);
  create index process_by_owner on process (owner, id);
  create index process_by_status on process (status, id);
  create index process_by_certification on process (certified_at, id);
  create index process_by_period on process (period_length(trigger_period), id);
  create index process_by_due on process (next_due_at, id);
  -- A search and the summary look at every process, and not at its record, which is most of its row.
  create index process_searched on process (id) include (section_key, position, name_key, owner, deputy, status, product,
    documented, certified_at, trigger_period, next_due_at);

  -- When nobody had answered in time.
  alter table review add column overdue_at timestamptz(3);
  update review v set overdue_at = h.at
    from (
      select v.id, min(h.at) as at from review v
        join history h on h.process_id = v.process_id and h.field = 'status' and h.new = 'overdue'
          and h.at >= v.opened_at and (v.closed_at is null or h.at <= v.closed_at)
      group by v.id
    ) h where h.id = v.id;
  create index review_opened on review (opened_at);
  create index review_closed on review (closed_at) include (process_id, outcome, overdue_at) where closed_at is not null;

  -- An answer that named no review was given to the one that was open.
  update response r set review_id = v.id from review v
    where r.review_id is null and r.process_id = v.process_id
      and r.at >= v.opened_at and (v.closed_at is null or r.at <= v.closed_at);
  create index response_review on response (review_id, at);
  create index response_certified on response (at) include (process_id, record_opened)
    where answer = 'correct' and refused is null;
`;

const down = `
  drop index response_certified, response_review, review_closed, review_opened;
  alter table review drop column overdue_at;
  drop index process_by_period, process_by_owner, process_by_status, process_by_certification, process_by_due;
  alter table process drop column section_key, drop column name_key;
  create index process_in_order on process ((coalesce(section, '')), position, id);
  create index process_owner on process (owner);
  drop function period_length;
`;

/** What the lists are sorted and searched by, and what rounds and shares are counted from. */
export class ListsAndEvidence implements MigrationInterface {
  readonly name = 'ListsAndEvidence1763800100008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
