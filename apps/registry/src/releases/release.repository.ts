import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type ReleaseQuery, ReleaseReported, type ReleaseState } from '@recert/contracts';
import { type TimePlace } from '@recert/service-kit';
import { type Release, toReleaseReported } from './release';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly product_id: string | null;
  readonly process_id: string | null;
  readonly name: string;
  readonly repository: string | null;
  readonly commit: string | null;
  readonly release: string | null;
  readonly environment: string | null;
  readonly state: ReleaseState;
  readonly by: string | null;
  readonly url: string | null;
  readonly started_at: Date | null;
  readonly at: Date;
  readonly log: string | null;
}

const COLUMNS = [
  ...['id', 'version', 'product_id', 'process_id', 'name', 'repository', 'commit', 'release', 'environment', 'state'],
  ...['by', 'url', 'started_at', 'at', 'log'],
] as const;
const SAVE = `
  insert into release (${COLUMNS.join(', ')}) values (${COLUMNS.map((_, at) => `$${at + 1}`).join(', ')})
  on conflict (id) do update set ${COLUMNS.slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;

/** The table `release`: rows to releases and back. Whatever is written is announced. */
@Injectable()
export class ReleaseRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** What is said of one release waits for one another, also before there is a row. */
  async lock(tx: Tx, id: string): Promise<Release | null> {
    await tx.db.query(`select pg_advisory_xact_lock(hashtextextended('release ' || $1, 0))`, [id]);
    const [row] = await tx.db.query<Row[]>('select * from release where id = $1', [id]);
    return row === undefined ? null : toRelease(row);
  }

  async save(tx: Tx, release: Release): Promise<void> {
    await this.put(tx, release);
    tx.publish(ReleaseReported, toReleaseReported(release));
  }

  /** As `save`, without announcing it. */
  async put(tx: Tx, release: Release): Promise<void> {
    const { id, version, productId, processId, name, repository, commit, environment, state, by, url } = release;
    await tx.db.query(SAVE, [
      ...[id, version, productId, processId, name, repository, commit, release.release, environment, state],
      ...[by, url, release.startedAt, release.at, release.log],
    ]);
  }

  /** The process that the newest other release of the product is evidence of. */
  async lastProcessOf(tx: Tx, productId: string | null): Promise<string | null> {
    const [row] = await tx.db.query<{ process_id: string }[]>(
      'select process_id from release where product_id = $1 and process_id is not null order by at desc limit 1',
      [productId],
    );
    return row?.process_id ?? null;
  }

  /** The product's own process that is about releasing it: what its record is called, whatever stands before that. */
  async processOf(tx: Tx, productId: string, name: string): Promise<string | null> {
    const [row] = await tx.db.query<{ id: string }[]>(
      `select id from process where product = $1 and status <> 'retired' and documented
         and right(lower(name), length($2) + 2) in (': ' || lower($2), lower($2)) order by id limit 1`,
      [productId, name],
    );
    return row?.id ?? null;
  }

  async page({ product, process, state, limit }: ReleaseQuery, after: TimePlace | null): Promise<Release[]> {
    const rows = await this.database.query<Row>(
      `select * from release where ($1::text is null or product_id = $1) and ($2::text is null or process_id = $2)
         and ($3::text is null or state = $3) and ($4::timestamptz is null or (at, id) < ($4, $5::text))
       order by at desc, id desc limit $6`,
      [product ?? null, process ?? null, state ?? null, after?.at ?? null, after?.id ?? null, limit],
    );
    return rows.map(toRelease);
  }
}

function toRelease({ product_id: productId, process_id: processId, started_at: startedAt, ...same }: Row): Release {
  return { ...same, productId, processId, startedAt };
}
