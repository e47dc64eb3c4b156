import { type MigrationInterface, type QueryRunner } from 'typeorm';

const tables = `
  create table history (
    seq bigint primary key,
    at timestamptz(3) not null,
    by text not null,
    -- What the row is about: a process, or a person, or neither (a token).
    process_id text,
    person text,
    field text not null,
    old text,
    new text,
    cause text not null,
    source text not null,
    prev_hash text not null,
    hash text not null
  );
  create index history_process on history (process_id, seq);

  -- The end of the chain. Its row is locked by whoever appends.
  create table history_head (
    one boolean primary key default true check (one),
    seq bigint not null,
    hash text not null
  );
  insert into history_head (seq, hash) values (0, repeat('0', 64));

  create function refuse_to_change_history() returns trigger language plpgsql as $$
  begin
    raise exception 'The history is append-only: % of % is refused', lower(tg_op), tg_table_name
      using hint = 'Write a new row that says what is right.';
  end $$;
  create trigger append_only before update or delete or truncate on history
    for each statement execute function refuse_to_change_history();
  create trigger append_only before insert or delete or truncate on history_head
    for each statement execute function refuse_to_change_history();

  create function only_go_forward() returns trigger language plpgsql as $$
  begin
    if new.seq <= old.seq then
      raise exception 'The history is append-only: its head cannot go from row % to row %', old.seq, new.seq;
    end if;
    return new;
  end $$;
  create trigger only_forward before update on history_head
    for each row execute function only_go_forward();
`;

export class CreateHistory implements MigrationInterface {
  readonly name = 'CreateHistory1763800100002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table history; drop table history_head;
      drop function refuse_to_change_history; drop function only_go_forward;
    `);
  }
}
