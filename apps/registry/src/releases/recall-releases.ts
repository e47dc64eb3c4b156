import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { ReleaseReported } from '@recert/contracts';
import { ReleaseRepository } from './release.repository';

/** What was released between the backup and its restore. */
export function recallReleases(database: ServiceDatabase): Recalling[] {
  const releases = new ReleaseRepository(database);
  return [
    recalling(ReleaseReported, async ({ releaseId: id, ...said }, { tx }) => {
      const before = await releases.lock(tx, id);
      if (before !== null && before.version >= said.version) return;
      const processId = before?.processId ?? (await releases.lastProcessOf(tx, said.productId));
      const startedAt = said.startedAt === null ? null : new Date(said.startedAt);
      await releases.put(tx, { ...said, id, processId, startedAt, at: new Date(said.at) });
    }),
  ];
}
