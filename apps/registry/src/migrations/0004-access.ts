import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateAccess implements MigrationInterface {
  readonly name = 'CreateAccess1763800100004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Secrets are kept as their SHA-256 only.
      create table token (
        id text primary key,
        name text not null,
        hash bytea not null,
        scopes text[] not null,
        created_at timestamptz(3) not null,
        last_used_at timestamptz(3),
        revoked_at timestamptz(3)
      );
      create table login_code (
        hash bytea primary key,
        expires_at timestamptz(3) not null,
        used_at timestamptz(3)
      );
      create table session (
        hash bytea primary key,
        principal jsonb not null,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        last_seen_at timestamptz(3) not null,
        revoked_at timestamptz(3)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table session; drop table login_code; drop table token;');
  }
}
