import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { ProductRegistered } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { toProductRegistered, type Product } from './product';

interface Row {
  id: string;
  version: number;
  name: string;
  owner: string;
  admins: string[];
  url: string | null;
  repository: string | null;
  sentry_project: string | null;
  timezone: string;
  due_by: string;
  active: boolean;
}

const COLUMNS = 'id, version, name, owner, admins, url, repository, sentry_project, timezone, due_by, active';

/** The table `product`: rows to products and back. Whoever is written is announced. */
@Injectable()
export class ProductRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Tells once more of those that are marked so, however many replicas ask at the same time. */
  async announceMissing(tx: Tx): Promise<void> {
    const rows = await tx.db.query<Row[]>(`select ${COLUMNS} from product where not announced order by id for update`);
    if (rows.length === 0) return;
    await tx.db.query('update product set announced = true where id = any($1)', [rows.map(({ id }) => id)]);
    for (const row of rows) tx.publish(ProductRegistered, toProductRegistered(toProduct(row)));
  }

  /** By id. */
  async all(db: EntityManager): Promise<Product[]> {
    const rows = await db.query<Row[]>(`select ${COLUMNS} from product order by id`);
    return rows.map(toProduct);
  }

  /** By id, after the given one. */
  async page(after: string | null, limit: number): Promise<Product[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} from product where $1::text is null or id > $1 order by id limit $2`,
      [after, limit],
    );
    return rows.map(toProduct);
  }

  async find(id: string): Promise<Product | null> {
    const [row] = await this.database.query<Row>(`select ${COLUMNS} from product where id = $1`, [id]);
    return row === undefined ? null : toProduct(row);
  }

  /** Locks it until the transaction ends; null when there is none. */
  async lock(tx: Tx, id: string): Promise<Product | null> {
    const [row] = await tx.db.query<Row[]>(`select ${COLUMNS} from product where id = $1 for update`, [id]);
    return row === undefined ? null : toProduct(row);
  }

  /** Those that a person owns or is an admin of, locked in the order of their ids. */
  async lockOfPerson(tx: Tx, handle: string): Promise<Product[]> {
    const rows = await tx.db.query<Row[]>(
      `select ${COLUMNS} from product where owner = $1 or $1 = any(admins) order by id for update`,
      [handle],
    );
    return rows.map(toProduct);
  }

  /** @returns null when there is one with that id */
  async add(tx: Tx, added: Product): Promise<Product | null> {
    const product = { ...added, version: 1 };
    const rows = await tx.db.query<unknown[]>(
      `insert into product (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict do nothing returning 1`,
      toValues(product),
    );
    if (rows.length === 0) return null;
    tx.publish(ProductRegistered, toProductRegistered(product));
    return product;
  }

  /** Writes a product that the transaction has locked. */
  async save(tx: Tx, changed: Product): Promise<Product> {
    const product = { ...changed, version: changed.version + 1 };
    await this.put(tx, product);
    tx.publish(ProductRegistered, toProductRegistered(product));
    return product;
  }

  /** As `save`, without announcing it, and under the version that it has. */
  async put(tx: Tx, product: Product): Promise<void> {
    await tx.db.query(
      `insert into product (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (id) do update set version = $2, name = $3, owner = $4, admins = $5, url = $6, repository = $7,
         sentry_project = $8, timezone = $9, due_by = $10, active = $11`,
      toValues(product),
    );
  }
}

/** In the order of `COLUMNS`. */
function toValues(product: Product): unknown[] {
  const { id, version, name, owner, admins, url, repository, sentryProject, week, active } = product;
  return [id, version, name, owner, admins, url, repository, sentryProject, week.timezone, week.dueBy, active];
}

function toProduct(row: Row): Product {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    owner: row.owner,
    admins: row.admins,
    url: row.url,
    repository: row.repository,
    sentryProject: row.sentry_project,
    week: { timezone: row.timezone, dueBy: row.due_by },
    active: row.active,
  };
}
