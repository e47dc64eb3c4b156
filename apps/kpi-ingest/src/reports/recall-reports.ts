import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { KpiMissed, KpiReceived } from '@recert/contracts';
import { SilenceRepository } from '../missed/silence.repository';
import { mergeReport } from './merge-report';
import { ReportRepository } from './report.repository';

/** Who reported is not told on the bus. */
const SENDER = 'restored';

/** What products reported, and what was said to be missing, between the backup and its restore. */
export function recallReports(database: ServiceDatabase): Recalling[] {
  const reports = new ReportRepository();
  const silences = new SilenceRepository(database);
  return [
    recalling(KpiReceived, async (said, { tx, attributes }) => {
      const { productId, week, version } = said;
      if (said.test) return;
      const soFar = await reports.weekSoFar(tx, productId, week);
      if (soFar.version >= version) return;
      const receivedAt = new Date(said.receivedAt);
      const figures = said.figures.map(({ name, value, unit, target, better }) => ({
        name,
        value,
        unit,
        target,
        better,
      }));
      const received = { id: attributes.id, sender: SENDER, receivedAt };
      await reports.addReport(tx, productId, received, { week, figures }, version);
      await reports.saveFigures(tx, productId, week, mergeReport(soFar.present, new Map(), figures, receivedAt));
    }),
    recalling(KpiMissed, async ({ productId, week, level }, { tx, attributes }) => {
      const [silent, at] = [[{ productId, week }], new Date(attributes.time)];
      if (level === 'owner') await silences.tellOwners(tx, silent, at);
      else await silences.tellAdmins(tx, silent, at);
    }),
  ];
}
