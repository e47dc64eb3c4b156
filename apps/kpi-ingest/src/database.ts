import { identityMigrations } from '@recert/identity';
import { intakeMigrations } from '@recert/intake';
import { DatabaseModule } from '@recert/service-kit';
import { migrations } from './migrations';
import { recallReports } from './reports/recall-reports';

export const kpiIngestDatabase = DatabaseModule.forService({
  service: 'kpi-ingest',
  migrations: [...intakeMigrations, ...identityMigrations, ...migrations],
  recallings: [recallReports],
});
