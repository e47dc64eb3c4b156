import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateLogins implements MigrationInterface {
  readonly name = 'CreateLogins1763800100007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whose code it is; null for the admin of the link that is shown at the start.
      alter table login_code add column handle text;
      create index login_code_person on login_code (handle) where used_at is null;

      -- A session follows its person, whose roles are looked up; without one it is the admin's, as all were until now.
      -- announced: whether others have heard of it. Those from before there was anybody to hear have not.
      alter table session
        drop column principal,
        add column id text,
        add column version int not null default 1 check (version > 0),
        add column handle text,
        add column device text,
        add column announced boolean not null default false;
      update session set id = left(replace(gen_random_uuid()::text, '-', ''), 12);
      alter table session alter column id set not null, add unique (id);
      create index session_person on session (handle) where revoked_at is null;

      create index process_deputy on process (deputy) where deputy is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index process_deputy;
      delete from session where handle is not null;
      alter table session
        drop column announced,
        drop column device,
        drop column handle,
        drop column version,
        drop column id,
        add column principal jsonb not null default '{"name": "admin", "handle": null, "role": "admin"}';
      delete from login_code where handle is not null;
      alter table login_code drop column handle;
    `);
  }
}
