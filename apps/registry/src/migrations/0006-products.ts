import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateProducts implements MigrationInterface {
  readonly name = 'CreateProducts1763800100006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table product (
        id text primary key,
        version int not null check (version > 0),
        name text not null,
        owner text not null,
        admins text[] not null,
        url text,
        repository text,
        sentry_project text,
        timezone text not null,
        due_by text not null,
        active boolean not null
      );
      create index process_product on process (product) where product is not null;

      -- announced: whether others have heard of the token. Those from before there was anybody to hear have not.
      alter table token add column product text, add column announced boolean not null default false;
      create index token_product on token (product) where product is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table token drop column announced, drop column product;
      drop index process_product;
      drop table product;
    `);
  }
}
