import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type BusMember, type BusRefilled } from '@recert/contracts';
import { type BusSwitch } from './bus-switch';

/** A service that was not heard of for so long is none any more; each tells of itself daily. */
const MEMBER_DAYS = 3;

/** The tables `bus_switch`, `bus_member` and `bus_refill_answer`: how the bus is carried, and by whose word. */
@Injectable()
export class BusRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** The switch that is under way, or the last one. */
  async newest(): Promise<BusSwitch | null> {
    const [row] = await this.database.query<{ state: BusSwitch }>(
      'select state from bus_switch order by generation desc limit 1',
    );
    return row?.state ?? null;
  }

  /** The same, while nobody else may change it. */
  async lockNewest(tx: Tx): Promise<BusSwitch | null> {
    await tx.db.query(`select pg_advisory_xact_lock(hashtext('registry.bus-switch'))`);
    const rows = await tx.db.query<{ state: BusSwitch }[]>(
      'select state from bus_switch order by generation desc limit 1',
    );
    return rows[0]?.state ?? null;
  }

  async write(tx: Tx, state: BusSwitch): Promise<void> {
    await tx.db.query(
      `insert into bus_switch (generation, state) values ($1, $2)
       on conflict (generation) do update set state = excluded.state`,
      [state.generation, JSON.stringify(state)],
    );
  }

  /** The highest report of a service holds, however late another one comes. */
  async note(tx: Tx, said: BusMember): Promise<void> {
    await tx.db.query(
      `insert into bus_member (service, report, said) values ($1, $2, $3)
       on conflict (service) do update set report = excluded.report, said = excluded.said, heard_at = now()
       where bus_member.report < excluded.report`,
      [said.service, said.report, JSON.stringify(said)],
    );
  }

  /** Of every service that is still one. */
  async reports(db: Pick<Tx['db'], 'query'> = this.database.dataSource): Promise<BusMember[]> {
    const rows = await db.query<{ said: BusMember }[]>(
      `select said from bus_member where heard_at > now() - make_interval(days => ${MEMBER_DAYS}) order by service`,
    );
    return rows.map(({ said }) => said);
  }

  async noteRefilled(tx: Tx, { refillId, service, events }: BusRefilled): Promise<void> {
    await tx.db.query(
      `insert into bus_refill_answer (refill_id, service, events) values ($1, $2, $3) on conflict do nothing`,
      [refillId, service, events],
    );
  }

  async refilled(refillId: string): Promise<{ service: string; events: number }[]> {
    return this.database.query('select service, events from bus_refill_answer where refill_id = $1 order by service', [
      refillId,
    ]);
  }
}
