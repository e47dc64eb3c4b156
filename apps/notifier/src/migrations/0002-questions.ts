import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Questions and the buttons under them. */
export class CreateQuestions implements MigrationInterface {
  readonly name = 'CreateQuestions1763800300002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(QUESTIONS);
    await runner.query(NONCES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table nonce; drop table question;');
  }
}

const QUESTIONS = `
  create table question (
    -- What people see as R-1042.
    number bigint generated always as identity primary key,
    review_id uuid not null,
    process_id text not null,
    recipient text not null,
    role text not null check (role in ('owner', 'deputy', 'admin')),
    reason text not null,
    -- Why it goes to somebody who is not the owner; null for the owner.
    escalation text check (escalation in ('no-owner', 'unreachable', 'no-answer', 'not-mine')),
    reminder int not null,
    -- Since when it is due: what is due longest is asked first.
    due_at timestamptz(3) not null,
    -- The newest version of the process that was known when it was asked.
    version int not null,
    name text not null,
    section text,
    url text,
    -- Whose process it was when it was asked.
    owner text,
    state text not null check (state in ('waiting', 'asked', 'answered', 'closed')),
    digest bigint,
    place int,
    total int,
    created_at timestamptz(3) not null,
    asked_at timestamptz(3),
    answered_at timestamptz(3),
    closed_at timestamptz(3),
    link_code text not null unique,
    -- Whether the link in the message leads through this service, so that following it is noticed.
    link_measured boolean not null default false,
    opened_at timestamptz(3),
    chat_id bigint,
    message_id bigint,
    answer text,
    response_id uuid,
    -- What the message says at the end.
    outcome text
  );
  create index question_open_of_process on question (process_id) where state <> 'closed';
  create index question_open_of_recipient on question (recipient, number) where state <> 'closed';
  create index question_review on question (review_id);
`;

const NONCES = `
  create table nonce (
    nonce text primary key,
    question bigint not null references question (number),
    answer text not null,
    created_at timestamptz(3) not null default now(),
    used_at timestamptz(3)
  );
  create index nonce_question on nonce (question);
`;
