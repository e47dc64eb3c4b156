import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { UserError } from '@recert/service-kit';
import { type Reason } from '../processes/process-change';
import { HandOverProcesses } from './hand-over-processes';
import { HandOverProducts, type HandedOver } from './hand-over-products';
import { PersonRepository } from './person.repository';
import { countOwned, nameOwned, type Owned } from './what-they-own';

/** What becomes of everything that a person owns who leaves. */
@Injectable()
export class HandOver {
  constructor(
    private readonly people: PersonRepository,
    private readonly processes: HandOverProcesses,
    private readonly products: HandOverProducts,
  ) {}

  /**
   * In a transaction of `inImportTurn`, before it locks people.
   * @throws UserError 409 when there is something and nobody to take it over, 422 for an heir who cannot
   */
  async handOver(tx: Tx, handle: string, heir: string | null, reason: Reason): Promise<HandedOver> {
    const processes = await this.processes.belongings(tx, handle);
    const products = await this.products.belongings(tx, handle);
    await this.checkHeir(tx, handle, heir, {
      processes: processes.filter((process) => process.owner === handle).map(({ name }) => name),
      products: products.filter((product) => product.owner === handle && product.active).map(({ name }) => name),
    });
    const { changes, entries } = await this.products.handOver(tx, products, handle, heir, reason);
    return { changes: this.processes.changes(processes, changes, { handle, heir, reason }), entries };
  }

  private async checkHeir(tx: Tx, handle: string, heir: string | null, owned: Owned): Promise<void> {
    const counted = countOwned(owned);
    if (heir === null && counted === null) return;
    if (heir === null) {
      const how = 'name who takes over, ?heir=<handle>';
      throw UserError.conflict(`"${handle}" owns ${counted}: ${how}. What there is: ${nameOwned(owned)}.`);
    }
    const person = heir === handle ? null : await this.people.find(tx.db, heir);
    if (person === null || !person.active) {
      throw UserError.invalid('heir', `"${heir}" is nobody who could take over: name an active person`);
    }
  }
}
