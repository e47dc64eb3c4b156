import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Lets old signs be removed: what is younger than that stays append-only. */
export class RetireSigns0002 implements MigrationInterface {
  readonly name = 'RetireSigns1764150000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index alert_sign_received on alert_sign (received_at);

      drop trigger append_only on alert_sign;
      create trigger append_only before update or truncate on alert_sign
        for each statement execute function refuse_to_change_signs();
      create trigger kept_90_days before delete on alert_sign
        for each row when (old.received_at >= now() - interval '90 days') execute function refuse_to_change_signs();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger kept_90_days on alert_sign;
      drop trigger append_only on alert_sign;
      create trigger append_only before update or delete or truncate on alert_sign
        for each statement execute function refuse_to_change_signs();

      drop index alert_sign_received;
    `);
  }
}
