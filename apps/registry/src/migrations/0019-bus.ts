import { type MigrationInterface, type QueryRunner } from 'typeorm';

const tables = `
  -- The switches of the bus from one transport to another; the newest may be under way.
  create table bus_switch (
    generation int primary key,
    state jsonb not null
  );

  -- The services, as each has told of itself last.
  create table bus_member (
    service text primary key,
    report bigint not null,
    said jsonb not null,
    heard_at timestamptz(3) not null default now()
  );

  -- How many events each service publishes again because somebody wanted it.
  create table bus_refill_answer (
    refill_id uuid not null,
    service text not null,
    events int not null,
    primary key (refill_id, service)
  );
`;

export class CreateBusSwitch implements MigrationInterface {
  readonly name = 'CreateBusSwitch1763800100019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bus_refill_answer; drop table bus_member; drop table bus_switch;');
  }
}
