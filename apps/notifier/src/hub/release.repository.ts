import { Injectable } from '@nestjs/common';
import { type ReleaseReported, type ReleaseState } from '@recert/contracts';
import { type EntityManager } from 'typeorm';

/** The table `release`: how far each is known to have come. */
@Injectable()
export class ReleaseRepository {
  /** Takes the word unless a newer one is known. @returns the state before, null for none; undefined when it is no news */
  async learn(
    db: EntityManager,
    { releaseId, version, state }: ReleaseReported,
  ): Promise<ReleaseState | null | undefined> {
    await db.query('insert into release (id, version, state) values ($1, 0, $2) on conflict do nothing', [
      releaseId,
      state,
    ]);
    const [known] = await db.query<{ version: number; state: ReleaseState }[]>(
      'select version, state from release where id = $1 for update',
      [releaseId],
    );
    if (known!.version >= version) return undefined;
    await db.query('update release set version = $2, state = $3, at = now() where id = $1', [
      releaseId,
      version,
      state,
    ]);
    return known!.version === 0 ? null : known!.state;
  }

  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from release where at < now() - interval '400 days'`);
  }
}
