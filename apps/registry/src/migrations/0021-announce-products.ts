import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The alert relay keeps whose products are from now on: those that were announced long ago are announced once more. */
export class AnnounceProductsAnew implements MigrationInterface {
  readonly name = 'AnnounceProductsAnew1763800100021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table product add column announced boolean not null default true');
    await runner.query('update product set announced = false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table product drop column announced');
  }
}
