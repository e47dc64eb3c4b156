import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the registry says of people and processes, and what this service knows of people besides. */
export class CreatePeopleAndProcesses implements MigrationInterface {
  readonly name = 'CreatePeopleAndProcesses1763800300001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PEOPLE);
    await runner.query(PROCESSES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table process; drop table person;');
  }
}

const PEOPLE = `
  create table person (
    handle text primary key,
    version int not null,
    name text not null,
    roles text[] not null,
    active boolean not null,
    invitation_hash text,
    invitation_expires_at timestamptz(3),
    -- The last invitation that was used: an event that still shows it does not open it again.
    used_hash text,

    user_id bigint unique,
    chat_id bigint,
    linked_at timestamptz(3),
    lost_reason text,

    -- The digest that is under way; 0 before the first. A question of it has the same number.
    digest bigint not null default 0,
    -- When it began: at most one a day.
    notice_at timestamptz(3),
    -- When the next one may begin, by the clock of the organisation.
    next_notice_at timestamptz(3),
    -- Until when more questions may join it: by the machine's clock.
    gather_until timestamptz(3)
  );
  create index person_invitation on person (invitation_hash);
  create index person_used_invitation on person (used_hash);
  create index person_next_notice on person (next_notice_at) where next_notice_at is not null;
  create index person_admin on person (handle) where active and 'admin' = any (roles);
`;

const PROCESSES = `
  create table process (
    id text primary key,
    version int not null,
    name text not null,
    section text,
    owner text,
    deputy text,
    status text not null,
    documented boolean not null,
    url text,
    certified_at timestamptz(3),
    next_due_at timestamptz(3),
    review_id uuid,
    review_open boolean not null default false,
    review_opened_at timestamptz(3),
    review_reason text,
    review_reminder int,
    disowned_by text,
    -- The last answer whose outcome was shown.
    response_id uuid
  );
  create index process_owner on process (owner) where status <> 'retired';
`;
