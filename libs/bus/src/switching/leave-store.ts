import { type ServiceDatabase } from '../service-database';

const BATCH = 2_000;

/**
 * What was published before the service flipped is handled by everybody: no other store is to get it again, unless
 * somebody asks for it. What a process that was late has put there since is not among it, and is published again.
 * @param present the lives of the store that the bus is carried by now
 */
export async function leaveStore(
  database: ServiceDatabase,
  flippedAt: string | null,
  present: readonly string[],
): Promise<void> {
  if (flippedAt === null) return;
  for (let left = BATCH; left === BATCH;) {
    const [row] = await database.query<{ n: string }>(
      `with gone as (update outbox set stream_lineage = null, stream_seq = null where id = any(array(
         select id from outbox where stream_lineage <> all($2) and published_at <= $1 limit ${BATCH})) returning 1)
       select count(*) as n from gone`,
      [flippedAt, present],
    );
    left = Number(row?.n ?? 0);
  }
}
