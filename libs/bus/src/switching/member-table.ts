import { type BusSwitching } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type ServiceDatabase } from '../service-database';
import { hear, type MemberState, type UnderWay, startedWith } from './member-state';

interface Row {
  readonly since: Date;
  readonly generation: number;
  readonly closed: number;
  readonly address: string | null;
  readonly home: string | null;
  readonly under_way: UnderWay | null;
}

const READ = 'select since, generation, closed, address, home, under_way from bus_transport';

/** How a service is carried, as its own schema keeps it. @param home the address that BUS_URL says */
export async function readMemberState(database: ServiceDatabase, home: string): Promise<MemberState> {
  const [row] = await database.query<Row>(READ);
  return startedWith(toState(row!), home);
}

/** The same, with a lock on it until the transaction ends: processes of one service share the row. */
export async function lockMemberState(db: EntityManager, home: string): Promise<MemberState> {
  const [row] = await db.query<Row[]>(`${READ} for update`);
  return startedWith(toState(row!), home);
}

export async function writeMemberState(db: EntityManager, state: MemberState): Promise<void> {
  const { generation, closed, address, home, underWay } = state;
  await db.query('update bus_transport set generation = $1, closed = $2, address = $3, home = $4, under_way = $5', [
    ...[generation, closed, address, home, underWay === null ? null : JSON.stringify(underWay)],
  ]);
}

/** Notes what is to be done next about a switch. @returns `early` when the end of the one before has not been heard yet */
export async function takeOrder(db: EntityManager, order: BusSwitching, home: string): Promise<'early' | 'noted'> {
  const state = await lockMemberState(db, home);
  const next = hear(state, order);
  if (next === 'early') return 'early';
  if (next !== state) await writeMemberState(db, next);
  return 'noted';
}

/** @returns the number of the next report */
export async function nextReport(db: EntityManager): Promise<number> {
  const rows = await db.query<{ reports: string }[]>(
    `with told as (update bus_transport set reported_at = now(),
       reports = greatest(reports + 1, floor(extract(epoch from clock_timestamp()) * 1000)) returning reports)
     select reports from told`,
  );
  return Number(rows[0]!.reports);
}

function toState({ since, under_way: underWay, ...row }: Row): MemberState {
  return { ...row, since: since.toISOString(), underWay };
}
