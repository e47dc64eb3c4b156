import { Injectable } from '@nestjs/common';
import { type ProductRegistered } from '@recert/contracts';
import { type EntityManager } from 'typeorm';

/** A product as the notifier knows it. */
export interface Product {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** Handle. */
  readonly owner: string;
  /** Handles of those who hear of it instead of all admins; empty when all admins do. */
  readonly admins: readonly string[];
  readonly active: boolean;
}

/** The table `product`. */
@Injectable()
export class ProductRepository {
  /** Takes the registry's word unless a newer one is known. */
  async learn(db: EntityManager, product: ProductRegistered): Promise<void> {
    const { productId, version, name, owner, admins, active } = product;
    await db.query(
      `insert into product (id, version, name, owner, admins, active) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set version = $2, name = $3, owner = $4, admins = $5, active = $6
       where product.version < $2`,
      [productId, version, name, owner, admins, active],
    );
  }

  /** Null when the registry has not told of it. */
  async find(db: EntityManager, id: string): Promise<Product | null> {
    const [row] = await db.query<Product[]>('select * from product where id = $1', [id]);
    return row ?? null;
  }
}
