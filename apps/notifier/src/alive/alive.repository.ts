import { Injectable } from '@nestjs/common';
import { type ServiceName } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type AliveTurn } from './alive-turn';

interface TurnRow {
  setting: string;
  next_at: Date;
  said_at: Date | null;
}

/** The tables `alive_turn` and `service_pulse`. */
@Injectable()
export class AliveRepository {
  async turn(db: EntityManager): Promise<AliveTurn | null> {
    const [row] = await db.query<TurnRow[]>('select setting, next_at, said_at from alive_turn');
    return row === undefined ? null : toTurn(row);
  }

  /** Null where there is none, or another replica has it in hand. */
  async lockTurn(db: EntityManager): Promise<AliveTurn | null> {
    const [row] = await db.query<TurnRow[]>('select setting, next_at, said_at from alive_turn for update skip locked');
    return row === undefined ? null : toTurn(row);
  }

  /** Writes it unless another replica has written another one in the meantime. @param known what was read before */
  async replaceTurn(db: EntityManager, known: AliveTurn | null, { setting, nextAt, saidAt }: AliveTurn): Promise<void> {
    await db.query(
      `insert into alive_turn (setting, next_at, said_at) values ($1, $2, $3)
       on conflict (id) do update set setting = $1, next_at = $2, said_at = $3
       where alive_turn.setting = $4 and alive_turn.next_at = $5`,
      [setting, nextAt, saidAt, known?.setting ?? null, known?.nextAt ?? null],
    );
  }

  async notePulse(db: EntityManager, service: ServiceName, at: Date): Promise<void> {
    await db.query(
      `insert into service_pulse (service, at) values ($1, $2)
       on conflict (service) do update set at = greatest(service_pulse.at, excluded.at)`,
      [service, at],
    );
  }

  async pulses(db: EntityManager): Promise<ReadonlyMap<string, Date>> {
    const rows = await db.query<{ service: string; at: Date }[]>('select service, at from service_pulse');
    return new Map(rows.map(({ service, at }) => [service, at]));
  }
}

function toTurn({ setting, next_at: nextAt, said_at: saidAt }: TurnRow): AliveTurn {
  return { setting, nextAt, saidAt };
}
